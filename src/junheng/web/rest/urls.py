"""Routes of the API. Operations are called `api-v1:<name of the function>`."""

from django.urls import URLPattern, URLResolver, path

from junheng.web.rest import pages
from junheng.web.rest.api import urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/docs/", pages.docs, name="api-docs"),
    path("v1/", urls()),
]
