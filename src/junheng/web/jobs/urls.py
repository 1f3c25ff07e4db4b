"""Routes."""

from django.urls import URLPattern, URLResolver, path

from junheng.web.jobs import views

app_name = "jobs"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="list"),
    path("<int:job_id>/", views.progress, name="progress"),
    path("<int:job_id>/cancel/", views.cancel, name="cancel"),
]
