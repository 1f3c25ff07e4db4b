"""The few routes that belong to no app."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from junheng.web.access.pages import public


@public
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Keeps the chosen language in a cookie and goes back to the page (`next`, on this host only)."""
    return set_language(request)


@public
@require_safe
@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """Says ok when the process answers and its database does; for whoever watches the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")
