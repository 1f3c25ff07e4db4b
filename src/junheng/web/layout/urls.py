"""Routes."""

from django.urls import URLPattern, URLResolver

app_name = "layout"
urlpatterns: list[URLPattern | URLResolver] = []
