"""The exception tree: promises that were broken. Data problems are findings, not exceptions.

    JunhengError                 exit code 1
    ├── InputError               2   a file or option that cannot be used at all
    ├── StandardError            4   a standard pack that may not be loaded
    └── EngineError              5   two computations that must agree do not, or a bound is exceeded
        └── PlanningError        5   a plan that the judging of its facts does not bear out
Other exit codes are no exceptions: 3 says that facts or conditions hold blocking findings, 6 that no plan is possible within the
limits, 7 that none was found in time.
"""


class JunhengError(Exception):
    """Base of all exceptions that Junheng raises on purpose. The text is Chinese and fit for users."""

    exit_code = 1


class InputError(JunhengError):
    """A file, folder or option cannot be used."""

    exit_code = 2


class StandardError(JunhengError):
    """A standard pack is not valid; the text names the file, the key and the reason."""

    exit_code = 4


class EngineError(JunhengError):
    """An internal promise was broken: a bound was exceeded or two computations disagree."""

    exit_code = 5


class PlanningError(EngineError):
    """A plan and the judging of the facts it leads to disagree; the plan must not be shown."""
