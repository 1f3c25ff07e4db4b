"""Routes."""

from django.urls import path

from junheng.web.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.list_entries, name="list"),
    path("<int:entry_id>/", views.entry, name="entry"),
    path("export.<str:file_format>", views.export, name="export"),
    path("check/", views.check, name="check"),
]
