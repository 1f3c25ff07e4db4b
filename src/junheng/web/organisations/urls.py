"""Routes."""

from django.urls import URLPattern, URLResolver, path

from junheng.web.organisations.views import rosters, tree

app_name = "organisations"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", tree.index, name="tree"),
    path("import/", rosters.upload, name="import"),
    path("import/confirm/", rosters.confirm, name="confirm"),
    path("import/template/", rosters.template, name="template"),
    path("<int:organisation_id>/", tree.detail, name="detail"),
    path("<int:organisation_id>/children/", tree.children, name="children"),
    path("<int:organisation_id>/create/", tree.create, name="create"),
    path("<int:organisation_id>/rename/", tree.rename, name="rename"),
    path("<int:organisation_id>/correct/", tree.correct, name="correct"),
    path("<int:organisation_id>/move/", tree.move, name="move"),
    path("<int:organisation_id>/merge/", tree.merge, name="merge"),
    path("<int:organisation_id>/close/", tree.close, name="close"),
]
