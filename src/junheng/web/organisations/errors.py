"""Why a change of the tree is refused. The texts are Chinese and fit for users."""

from junheng.core.errors import InputError


class RefusedError(InputError):
    """The tree does not allow the change. `field` names the input it is about, "" for none."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
