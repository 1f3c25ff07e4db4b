"""Routes."""

from django.urls import path

from junheng.web.accounts.views import own, people, requests, roles, sign_in, tokens

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("invitation/<str:secret>/", sign_in.accept, name="accept"),
    path("roles/", roles.roles, name="roles"),
    path("people/", people.list_people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/correct/", people.correct, name="correct"),
    path("people/<int:user_id>/role/", people.add_role, name="add_role"),
    path("people/<int:user_id>/invitation/", people.renew_invitation, name="renew_invitation"),
    path("people/<int:user_id>/reset/", people.reset, name="reset"),
    path("people/<int:user_id>/disable/", people.disable, name="disable"),
    path("people/<int:user_id>/enable/", people.enable, name="enable"),
    path("people/<int:user_id>/unlock/", people.unlock, name="unlock"),
    path("requests/", requests.list_requests, name="requests"),
    path("requests/decide/", requests.decide, name="decide"),
    path("requests/<int:request_id>/withdraw/", requests.withdraw, name="withdraw"),
    path("memberships/<int:membership_id>/end/", requests.end_membership, name="end_membership"),
    path("security/", own.security, name="security"),
    path("security/password/", own.password, name="password"),
    path("security/second-factor/", own.second_factor, name="second_factor"),
    path("security/second-factor/remove/", own.remove_second_factor, name="remove_second_factor"),
    path("security/recovery-codes/", own.recovery_codes, name="recovery_codes"),
    path("security/sessions/<int:session_id>/end/", own.end_session, name="end_session"),
    path("security/sessions/end-others/", own.end_other_sessions, name="end_other_sessions"),
    path("security/tokens/<int:token_id>/give-up/", own.give_up_token, name="give_up_token"),
    path("tokens/", tokens.list_tokens, name="tokens"),
    path("tokens/new/", tokens.issue, name="issue_token"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
]
