"""Signing in as browsers see it: redirects, session keys, second factor, choice of role, invitations."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from junheng.web.accounts.actions import invitations, second_factor, sessions
from junheng.web.accounts.actions.sign_in import MAX_FAILURES
from junheng.web.accounts.browsers import browser_name
from junheng.web.accounts.models import Membership, SignedInSession, User
from junheng.web.accounts.roles import Role
from junheng.web.audit.actor import PLATFORM
from tests.web.accounts.people import OTHER_PASSWORD, PASSWORD, SECRET, asked, code_at, person, stranger

SIGN_IN = "/accounts/sign-in/"


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: str):
    return client.post(SIGN_IN, {"login": user.login, "password": password, **more}, HTTP_USER_AGENT="测试浏览器")


def is_in(client: Client) -> bool:
    return USER_KEY in client.session


def test_sign_in_when_right_then_the_session_gets_a_new_key_and_stands_in_the_list(world, client) -> None:
    user = person(world)
    client.get(reverse("accounts:accept", args=["x"]))  # gives the visitor a session
    before = client.session.session_key

    answer = sign_in(client, user)

    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session.session_key != before
    assert SignedInSession.objects.get().session_key == client.session.session_key


def test_sign_in_when_the_session_is_kept_busy_then_it_still_ends_after_a_working_day(
    world, client, monkeypatch
) -> None:
    signed_in_at = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: signed_in_at)
    sign_in(client, person(world, Role.COUNTY_OFFICE))

    for hours in (2, 4, 6, 7.9):  # every page after ten minutes writes into the session
        monkeypatch.setattr("django.utils.timezone.now", lambda hours=hours: signed_in_at + timedelta(hours=hours))
        assert client.get(reverse("returns:progress"), headers={"HX-Request": "true"}).status_code == 200
    monkeypatch.setattr("django.utils.timezone.now", lambda: signed_in_at + timedelta(hours=8, seconds=1))

    assert client.get(reverse("returns:progress"), headers={"HX-Request": "true"}).status_code == 401


def test_sign_in_when_wrong_then_says_what_to_do_and_keeps_out(world, client) -> None:
    answer = sign_in(client, person(world), "wrong")

    assert "忘记密码请联系" in answer.content.decode()
    assert not is_in(client)


def test_sign_in_when_locked_then_the_right_password_is_answered_by_the_lock(world, client) -> None:
    user = person(world)
    for _number in range(MAX_FAILURES):
        sign_in(client, user, "wrong")

    assert "登录已暂停 15 分钟" in sign_in(client, user).content.decode()


def test_sign_in_when_the_form_is_empty_then_the_fields_tell(db, client) -> None:
    answer = client.post(SIGN_IN, {})

    assert answer.context["form"].errors.keys() == {"login", "password"}


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/audit/?page=2", "/audit/?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_sign_in_when_a_next_page_is_named_then_only_our_own_are_followed(world, client, wanted, goes_to) -> None:
    assert sign_in(client, person(world), next=wanted).url == goes_to


def test_sign_in_when_already_in_then_goes_on(world, client_for) -> None:
    assert client_for(world.member(Role.REPORTER, "school")).get(f"{SIGN_IN}?next=/audit/").url == "/audit/"


@pytest.mark.parametrize("count", [0, 2])
def test_sign_in_when_there_is_not_exactly_one_role_then_shows_the_choice(world, client, count) -> None:
    user = person(world)
    if count == 0:
        Membership.objects.filter(user=user).update(ended_at=timezone.now())
    else:
        user.memberships.create(organisation=world["town_school"], role=Role.PRINCIPAL)

    assert sign_in(client, user, next="/audit/").url == "/accounts/roles/?next=%2Faudit%2F"


def test_sign_in_when_there_is_a_second_factor_then_the_password_alone_lets_nobody_in(world, client) -> None:
    user = person(world, has_totp=True)

    answer = sign_in(client, user, next="/audit/")

    assert answer.url == "/accounts/sign-in/code/?next=%2Faudit%2F"
    assert not is_in(client)


def test_sign_in_code_when_right_then_is_let_in_under_another_key(world, client) -> None:
    user = person(world, has_totp=True)
    sign_in(client, user)
    before = client.session.session_key

    answer = client.post("/accounts/sign-in/code/?next=/audit/", {"code": code_at()})

    assert answer.url == "/audit/"
    assert is_in(client)
    assert client.session.session_key != before


def test_sign_in_code_when_a_code_is_used_again_then_is_kept_out(world) -> None:
    user = person(world, has_totp=True)
    code = code_at()
    first, second = Client(), Client()
    sign_in(first, user)
    first.post("/accounts/sign-in/code/", {"code": code})
    sign_in(second, user)
    answer = second.post("/accounts/sign-in/code/", {"code": code})

    assert is_in(first)
    assert not is_in(second)
    assert "不正确" in answer.content.decode()


def test_sign_in_code_when_nobody_gave_a_password_then_begins_anew(db, client) -> None:
    assert client.post("/accounts/sign-in/code/", {"code": "123456"}).url == SIGN_IN


def test_sign_in_code_when_it_took_too_long_then_begins_anew(world, client) -> None:
    sign_in(client, person(world, has_totp=True))
    session = client.session
    session["second_factor"] = {**session["second_factor"], "at": timezone.now().timestamp() - 301}
    session.save()

    assert client.post("/accounts/sign-in/code/", {"code": code_at()}).url == SIGN_IN


def test_sign_in_code_when_the_password_changed_meanwhile_then_begins_anew(world, client) -> None:
    user = person(world, has_totp=True)
    sign_in(client, user)
    user.set_password(OTHER_PASSWORD)
    user.save()

    assert client.post("/accounts/sign-in/code/", {"code": code_at()}).url == SIGN_IN


def test_sign_in_code_when_looked_at_then_shows_the_form(world, client) -> None:
    sign_in(client, person(world, has_totp=True))

    assert "one-time-code" in client.get("/accounts/sign-in/code/").content.decode()


def test_sign_out_when_posted_then_the_session_is_gone(world, client) -> None:
    sign_in(client, person(world))

    assert client.post("/accounts/sign-out/").url == SIGN_IN
    assert not is_in(client)
    assert not SignedInSession.objects.exists()


def test_sign_out_when_only_asked_for_by_get_then_nothing_happens(world, client) -> None:
    sign_in(client, person(world))

    assert client.get("/accounts/sign-out/").status_code == 405
    assert is_in(client)


def test_sign_in_when_the_form_is_forged_then_is_refused(world) -> None:
    assert sign_in(Client(enforce_csrf_checks=True), person(world)).status_code == 403


def link(user: User) -> str:
    from django.db import transaction

    with transaction.atomic():
        secret = invitations.issue(by=PLATFORM, user=user, organisation_id=None)
    return reverse("accounts:accept", kwargs={"secret": secret})


def test_accept_when_the_link_is_opened_then_the_secret_leaves_the_address(world, client) -> None:
    user = stranger()
    asked(world, user)

    answer = client.get(link(user), follow=True)

    assert answer.redirect_chain == [("/accounts/invitation/link/", 302)]
    assert "新来的人,请设置密码" in answer.content.decode()
    assert "青石镇示例小学" in answer.content.decode()


def test_accept_when_a_password_is_set_then_the_person_is_in_and_the_link_is_dead(world, client) -> None:
    user = stranger()
    address = link(user)
    client.get(address)

    answer = client.post("/accounts/invitation/link/", {"password": PASSWORD, "again": PASSWORD})

    assert answer.url == "/accounts/roles/"
    assert is_in(client)
    closed = Client().get(address, follow=True)
    assert closed.status_code == 410
    assert "链接已失效" in closed.content.decode()


@pytest.mark.parametrize(
    ("first", "again", "message"),
    [(PASSWORD, OTHER_PASSWORD, "两次输入不一致"), ("12345678901", "12345678901", "数字")],
)
def test_accept_when_the_password_is_not_good_then_the_field_tells(db, client, first, again, message) -> None:
    user = stranger()
    client.get(link(user))

    answer = client.post("/accounts/invitation/link/", {"password": first, "again": again})

    assert message in answer.content.decode()
    assert not is_in(client)


def test_accept_when_the_link_is_used_meanwhile_then_tells(db, client, monkeypatch) -> None:
    user = stranger()
    client.get(link(user))
    accept = invitations.accept

    def twice(**named):
        accept(**named)
        return accept(**named)

    monkeypatch.setattr(invitations, "accept", twice)

    answer = client.post("/accounts/invitation/link/", {"password": PASSWORD, "again": PASSWORD})

    assert "已经用过" in answer.content.decode()


def test_accept_when_there_is_a_second_factor_then_the_link_alone_lets_nobody_in(world, client) -> None:
    user = person(world, has_totp=True)
    client.get(link(user))

    answer = client.post("/accounts/invitation/link/", {"password": OTHER_PASSWORD, "again": OTHER_PASSWORD})

    assert answer.url == "/accounts/sign-in/code/"
    assert not is_in(client)


def test_accept_when_somebody_else_is_signed_in_then_they_are_signed_out(world, client_for) -> None:
    client = client_for(world.member(Role.LEADER, "county"))
    user = stranger()
    client.get(link(user))

    client.post("/accounts/invitation/link/", {"password": PASSWORD, "again": PASSWORD})

    assert client.session[USER_KEY] == str(user.pk)


def test_roles_when_one_is_chosen_then_the_person_acts_in_it(world, client_for) -> None:
    first = world.member(Role.REPORTER, "school")
    other = first.user.memberships.create(organisation=world["town_school"], role=Role.PRINCIPAL)
    client = client_for(first)

    answer = client.post("/accounts/roles/", {"membership": other.pk, "next": "/accounts/security/"}, follow=True)

    assert answer.redirect_chain[0][0] == "/accounts/security/"
    assert answer.context["actor"].organisation_name == "青石县第一小学"


@pytest.mark.parametrize("chosen", ["", "x", "theirs"])
def test_roles_when_it_is_nobodys_or_somebody_elses_then_nothing_changes(world, client_for, chosen) -> None:
    mine, theirs = world.member(Role.REPORTER, "school"), world.member(Role.COUNTY_OFFICE, "county")
    client = client_for(mine)

    answer = client.post("/accounts/roles/", {"membership": theirs.pk if chosen == "theirs" else chosen})

    assert answer.status_code == 200
    assert client.session["membership"] == mine.pk


def test_roles_when_there_are_none_then_says_whom_to_ask(world, client) -> None:
    client.force_login(stranger())

    assert client.get("/accounts/people/").url == "/accounts/roles/"
    assert "请联系本级系统管理员" in client.get("/accounts/roles/").content.decode()


def test_roles_when_one_is_waited_for_then_shows_it(world, client) -> None:
    user = stranger()
    asked(world, user)
    client.force_login(user)

    assert "等待批准" in client.get("/accounts/roles/").content.decode()


def test_session_when_the_role_ends_or_the_person_is_disabled_then_is_over(world, client) -> None:
    user = person(world)
    sign_in(client, user)
    sessions.end_all(user)

    assert client.get("/accounts/security/").url.startswith(SIGN_IN)


@pytest.fixture
def strict(settings) -> None:
    settings.SECOND_FACTOR_ROLES = ("system_admin", "security_admin", "audit_admin", "county_office")


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_second_factor_when_the_role_asks_for_it_then_nothing_else_opens_before(world, client, strict, role) -> None:
    user = person(world, role, "county")
    sign_in(client, user)

    for name in ("accounts:security", "accounts:people", "accounts:password", "audit:list", "accounts:tokens"):
        assert client.get(reverse(name)).url == "/accounts/security/second-factor/", name
    assert "必须使用二次验证" in client.get("/accounts/security/second-factor/").content.decode()
    assert client.get("/accounts/roles/").status_code == 200


def test_second_factor_when_set_up_then_the_pages_open_and_other_browsers_are_out(world, client, strict) -> None:
    user = person(world, Role.SYSTEM_ADMIN, "county")
    other = Client()
    sign_in(other, user)
    sign_in(client, user)
    page = client.get("/accounts/security/second-factor/")
    secret = "".join(page.context["secret"].split())
    assert 'src="data:image/svg+xml' in page.content.decode()

    wrong = client.post(
        "/accounts/security/second-factor/", {"code": "000000" if code_at(0, secret) != "000000" else "1"}
    )
    answer = client.post("/accounts/security/second-factor/", {"code": code_at(0, secret)})

    assert "验证码不对" in wrong.content.decode()
    assert len(re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", answer.content.decode())) == 10
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get("/accounts/people/").status_code == 200
    assert not is_in(other)


def test_second_factor_when_the_role_does_not_ask_then_nobody_is_held_up(world, client, strict) -> None:
    sign_in(client, person(world))

    assert client.get("/accounts/security/").status_code == 200


def test_second_factor_when_it_is_there_then_the_page_leads_back(world, client) -> None:
    user = person(world, has_totp=True)
    client.force_login(user)

    assert client.get("/accounts/security/second-factor/").url == "/accounts/security/"


def test_seen_when_a_session_is_used_for_long_then_the_list_shows_it(world, client) -> None:
    sign_in(client, person(world))
    long_ago = SignedInSession.objects.get().seen_at
    session = client.session
    session["seen"] -= 601
    session.save()

    client.get("/accounts/security/")

    assert SignedInSession.objects.get().seen_at > long_ago


def test_password_page_when_changed_then_this_browser_stays_and_others_are_out(world, client) -> None:
    user = person(world)
    other = Client()
    sign_in(other, user)
    sign_in(client, user)

    answer = client.post(
        "/accounts/security/password/", {"current": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    )

    assert answer.url == "/accounts/security/"
    page = client.get("/accounts/security/")
    assert "本次登录" in page.content.decode()
    assert other.get("/accounts/security/").headers["Location"].startswith(SIGN_IN)
    assert SignedInSession.objects.count() == 1


@pytest.mark.parametrize(
    ("current", "new", "message"), [("wrong", OTHER_PASSWORD, "不正确"), (PASSWORD, "12345678901", "数字")]
)
def test_password_page_when_something_is_wrong_then_the_field_tells(world, client, current, new, message) -> None:
    client.force_login(person(world))

    answer = client.post("/accounts/security/password/", {"current": current, "password": new, "again": new})

    assert message in answer.content.decode()


def test_recovery_codes_page_when_confirmed_then_shows_them_once(world, client) -> None:
    user = person(world)
    second_factor.set_up(user_id=user.pk, secret=SECRET, code=code_at(), address="")
    client.force_login(user)

    wrong = client.post("/accounts/security/recovery-codes/", {"current": "wrong"})
    answer = client.post("/accounts/security/recovery-codes/", {"current": PASSWORD})

    assert "不正确" in wrong.content.decode()
    assert len(answer.context["codes"]) == 10


def test_recovery_codes_page_when_there_is_no_second_factor_then_tells(world, client) -> None:
    client.force_login(person(world))

    assert "还没有开启" in client.post("/accounts/security/recovery-codes/", {"current": PASSWORD}).content.decode()


def test_remove_page_when_confirmed_then_the_second_factor_is_gone(world, client) -> None:
    user = person(world, has_totp=True)
    client.force_login(user)
    assert "请输入当前密码" in client.get("/accounts/security/second-factor/remove/").content.decode()

    client.post("/accounts/security/second-factor/remove/", {"current": PASSWORD})

    assert User.objects.get(pk=user.pk).totp_secret == ""


def test_end_session_page_when_one_or_all_others_are_ended_then_they_are_out(world, client) -> None:
    user = person(world)
    others = [Client() for _number in range(3)]
    for browser in (client, *others):
        sign_in(browser, user)
    first = SignedInSession.objects.get(session_key=others[0].session.session_key)

    client.post(f"/accounts/security/sessions/{first.pk}/end/")
    assert [is_in(browser) for browser in others] == [False, True, True]
    client.post("/accounts/security/sessions/end-others/")

    assert not any(is_in(browser) for browser in others)
    assert is_in(client)


def test_security_page_when_there_is_a_second_factor_then_says_how_many_codes_are_left(
    world, client, django_assert_max_num_queries
) -> None:
    user = person(world)
    second_factor.set_up(user_id=user.pk, secret=SECRET, code=code_at(), address="")
    client.force_login(user)

    with django_assert_max_num_queries(8):
        page = client.get("/accounts/security/").content.decode()

    assert "还有 10 个恢复码可用" in page
    assert f"{user.name} · {user.login}" in page


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/86.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8", "WeChat · Android"),
        ("curl/8", "curl/8"),
        ("", "—"),
    ],
)
def test_browser_name_when_a_header_is_long_then_people_recognise_it(told, name) -> None:
    assert browser_name(told) == name


def test_person_when_printed_then_is_their_name(world) -> None:
    assert str(person(world)) == person(world).name
