"""Why the platform refuses something about people and their roles. The texts are Chinese and fit for users."""

from junheng.core.errors import InputError


class RefusedError(InputError):
    """The rules on accounts do not allow it: outside the area, against the separation of duties, or too late."""
