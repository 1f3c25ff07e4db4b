"""Routes of deciding, rounds, progress and notices."""

from django.urls import URLPattern, URLResolver, path

from junheng.web.returns.views import notices, progress, review, rounds

_round = "rounds/<int:round_id>/"
_one = "<int:return_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/open/", rounds.round_open, name="round_open"),
    path(_round, rounds.round_page, name="round"),
    path(_round + "lock/", rounds.round_lock, name="round_lock"),
    path(_round + "unlock/", rounds.round_unlock, name="round_unlock"),
    path(_round + "due/", rounds.round_due, name="round_due"),
    path(_round + "remind/", rounds.round_remind, name="round_remind"),
    path(_one + "extend/", rounds.extend, name="extend"),
    path("review/", review.review, name="review"),
    path("review/approve/", review.approve_many, name="approve_many"),
    path(_one + "review/", review.review_entry, name="review_entry"),
    path(_one + "approve/", review.approve, name="approve"),
    path(_one + "send-back/", review.send_back, name="send_back"),
    path("progress/", progress.progress, name="progress"),
    path("progress/<int:round_id>/", progress.progress_round, name="progress_round"),
    path("progress/<int:round_id>/findings/", progress.progress_findings, name="progress_findings"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read, name="notices_read"),
]
