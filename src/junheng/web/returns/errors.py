"""Why the platform refuses a write on returns. The texts are Chinese and fit for users.

JunhengError
└── InputError
    └── RefusedError          the state, the role or the clock does not allow it
        ├── BlockedError      findings stand in the way; `findings` lists them
        └── ConflictError     somebody else changed the same cells; `conflicts` lists them
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from junheng.core.errors import InputError


class RefusedError(InputError):
    """The state of the return, the role of the person or the clock does not allow it."""


class BlockedError(RefusedError):
    """Findings stand in the way of submitting: errors, and warnings without a written reason."""

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        errors = sum(finding["level"] == "error" for finding in findings)
        super().__init__(
            _("还不能提交:有%(errors)d处错误、%(warnings)d处未说明的警告。请改正错误,并为警告写明理由。")
            % {"errors": errors, "warnings": len(findings) - errors}
        )
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One cell that two people changed: what it was when the page was opened, what it is now, what was typed.

    Values are as people read them; `row_id` and `field` say which cell. `is_row_gone`: the row was removed meanwhile.
    """

    table: str
    row_id: int
    field: str
    label: str
    base: str
    theirs: str
    mine: str
    their_name: str = ""
    is_row_gone: bool = False


class ConflictError(RefusedError):
    """The draft moved on: nothing was saved. `conflicts` lists the cells, `lock_version` is the one to go on from."""

    def __init__(self, conflicts: Sequence[Conflict], lock_version: int) -> None:
        super().__init__(_("有%(count)d格在您填写期间已被他人修改,请逐格选择保留哪个值。") % {"count": len(conflicts)})
        self.conflicts = tuple(conflicts)
        self.lock_version = lock_version
