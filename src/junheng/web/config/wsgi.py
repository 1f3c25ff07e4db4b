"""The WSGI entry: `granian --interface wsgi junheng.web.config.wsgi:application`, or simply `junheng serve`."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junheng.web.config.settings")

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def behind_proxy(inner: Wsgi) -> Wsgi:
    """The application as a proxy's neighbour: the visitor's address is the one that the proxy added last."""

    def outer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
        if seen:
            environ["REMOTE_ADDR"] = seen
        return inner(environ, start_response)

    return outer


application: Wsgi = get_wsgi_application()
if settings.ENVIRONMENT.is_behind_proxy:
    application = behind_proxy(application)
