"""All routes. Each app owns a prefix; every route stands in `access_matrix.yaml` too (held by tests/web)."""

from django.urls import include, path

from junheng.web.config import views

handler400 = "junheng.web.layout.errors.bad_request"
handler403 = "junheng.web.layout.errors.forbidden"
handler404 = "junheng.web.layout.errors.not_found"
handler500 = "junheng.web.layout.errors.broken"

urlpatterns = [
    path("", include("junheng.web.evaluations.urls")),
    path("accounts/", include("junheng.web.accounts.urls")),
    path("organisations/", include("junheng.web.organisations.urls")),
    path("returns/", include("junheng.web.returns.urls")),
    path("documents/", include("junheng.web.documents.urls")),
    path("plans/", include("junheng.web.plans.urls")),
    path("jobs/", include("junheng.web.jobs.urls")),
    path("audit/", include("junheng.web.audit.urls")),
    path("api/", include("junheng.web.rest.urls")),
    path("language/", views.language, name="set_language"),
    path("alive/", views.alive, name="alive"),
]
