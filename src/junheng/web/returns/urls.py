"""Routes. Filling in stands here; deciding, rounds and progress stand in `urls_review`."""

from django.urls import URLPattern, URLResolver, include, path

from junheng.web.returns.views import cells, filling, history, workbooks

app_name = "returns"
_one = "<int:return_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mine/", filling.mine, name="mine"),
    path(_one, filling.edit, name="edit"),
    path(_one + "autosave/", filling.autosave, name="autosave"),
    path(_one + "rows/add/", filling.row_add, name="row_add"),
    path(_one + "rows/remove/", filling.row_remove, name="row_remove"),
    path(_one + "cell/", cells.comment, name="comment"),
    path(_one + "explain/", cells.explain, name="explain"),
    path(_one + "submit/", filling.submit, name="submit"),
    path(_one + "upload/", workbooks.upload, name="upload"),
    path(_one + "template/", workbooks.template, name="template"),
    path(_one + "versions/", history.versions, name="versions"),
    path(_one + "correct/", history.correct, name="correct"),
    path(_one + "correct/withdraw/", history.withdraw, name="withdraw"),
    path("rounds/<int:round_id>/upload/", workbooks.upload_county, name="upload_county"),
    path("uploads/<int:upload_id>/", workbooks.uploaded, name="uploaded"),
    path("uploads/<int:upload_id>/apply/", workbooks.upload_apply, name="upload_apply"),
    path("uploads/<int:upload_id>/discard/", workbooks.upload_discard, name="upload_discard"),
    path("uploads/<int:upload_id>/file/", workbooks.upload_file, name="upload_file"),
    path("", include("junheng.web.returns.urls_review")),
]
