"""Routes."""

from django.urls import URLPattern, URLResolver, path

from junheng.web.documents import views

app_name = "documents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.listed, name="list"),
    path("runs/<int:run_id>/make/", views.make, name="make"),
    path("verify/", views.verify, name="verify"),
    path("verify/<slug:code>/", views.verify, name="verify"),
    path("<int:document_id>/", views.download, name="download"),
]
