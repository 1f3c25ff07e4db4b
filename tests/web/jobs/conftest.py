"""The bodies of the tests' own jobs are registered for all of them."""

from tests.web.jobs import bodies  # noqa: F401 - importing registers
