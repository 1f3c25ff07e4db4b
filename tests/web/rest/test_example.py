"""The example of docs/api.md, against a live server: it must not rot."""

import re
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.accounts.models import Token
from junheng.web.accounts.one_time import digest
from junheng.web.returns.models import WrittenReason
from tests.web.rest.test_writes import TABLES
from tests.web.returns.reporting import SCHOOL, YEAR, entry_of, open_round, version_of
from tests.web.world import build_world

PAGE = Path(__file__).resolve().parents[3] / "docs" / "api.md"


def example() -> ModuleType:
    """The first program of the page, as a module."""
    [source] = [block for block in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S) if "def " in block]
    module = ModuleType("example")
    exec(compile(source, str(PAGE), "exec"), module.__dict__)
    return module


@pytest.mark.django_db(transaction=True)
def test_example_when_run_against_a_live_server_then_the_return_is_submitted(live_server: Any) -> None:
    world = build_world()
    open_round(world)
    secret, until = "jh_example", timezone.now() + timedelta(days=1)
    membership = world.member(Role.REPORTER, "school")
    Token.objects.create(membership=membership, name="学籍系统", secret_hash=digest(secret), expires_at=until)
    # 400 pupils last year and 170 now: the checks ask why
    tables = {**TABLES, "schools": [{**SCHOOL, "previous_year_student_count": "400"}]}
    module = example()

    with pytest.raises(SystemExit, match="blocked"):
        module.report(live_server.url, secret, YEAR, tables, {})
    codes = {finding["code"] for finding in version_of(entry_of(world, "school")).findings}
    told = module.report(live_server.url, secret, YEAR, tables, dict.fromkeys(codes, "撤并后划转"))

    assert told["state"] == "at_principal"
    assert WrittenReason.objects.count() == len(codes) > 0
    assert version_of(entry_of(world, "school")).submitted_by == "填报员·青石镇示例小学（接口:学籍系统）"
