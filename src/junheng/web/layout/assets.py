"""Addresses of style sheets, scripts and icons."""

from functools import cache

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class Assets(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed, compressed and for ever cacheable after `collectstatic`, which `junheng serve` runs; plain before it.

    So tests and commands need no collecting first. A name that does not exist is an error in both cases.
    """

    def stored_name(self, name: str) -> str:
        """The file that stands for `name`. ValueError when there is none."""
        if self.hash_key(self.clean_name(name)) in self.hashed_files:
            return str(super().stored_name(name))
        return _found(name)


@cache
def _found(name: str) -> str:
    """The name of a file that is there, looked for once: a page names dozens. ValueError, which is not kept, when it is not."""
    if finders.find(name) is None:
        raise ValueError(name)
    return name
