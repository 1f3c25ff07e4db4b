"""In which role a person acts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from junheng.web.accounts import queries
from junheng.web.accounts.access import signed_in
from junheng.web.accounts.actors import SESSION_KEY
from junheng.web.accounts.models import User
from junheng.web.accounts.views.answers import MESSAGES, nothing_chosen, safe_next


@signed_in
@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest) -> HttpResponse:
    """The roles that are held, one of which is active, and those that are waited for."""
    user: User = request.user  # type: ignore[assignment]
    held = list(queries.own_roles(user))
    if request.method == "POST":
        chosen = next((each for each in held if str(each.pk) == request.POST.get("membership")), None)
        if chosen is not None:
            request.session[SESSION_KEY] = chosen.pk
            MESSAGES.success(
                request,
                _("当前角色:%(place)s · %(role)s。")
                % {"place": chosen.organisation, "role": chosen.get_role_display()},
            )
            return redirect(safe_next(request))
        MESSAGES.error(request, nothing_chosen())
    context = {"held": held, "requests": queries.own_requests(user), "next": safe_next(request, "")}
    return render(request, "accounts/roles.html", context)
