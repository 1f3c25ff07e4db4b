"""The administrators' pages: who sees whom, what each may do, and that links and keys are shown once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from junheng.web.accounts import queries
from junheng.web.accounts.actions import tokens
from junheng.web.accounts.models import Membership, MembershipRequest, Token, User
from junheng.web.accounts.roles import Role
from tests.web.accounts.people import asked, holds, invited_by, part_of, person, security, stranger

SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN


@pytest.fixture
def system_client(world, client_for):
    return client_for(world.member(SYSTEM, "county"))


@pytest.fixture
def security_client(world, client_for):
    return client_for(world.member(SECURITY, "county"))


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("role", [AUDIT, Role.COUNTY_OFFICE, Role.LEADER])
@pytest.mark.parametrize("name", ["people", "requests", "invite", "tokens", "issue_token"])
def test_pages_when_the_role_is_another_then_are_refused(world, client_for, role, name) -> None:
    assert client_for(world.member(role, "county")).get(reverse(f"accounts:{name}")).status_code == 403


@pytest.mark.parametrize("step", ["reset", "disable", "enable", "unlock"])
def test_security_steps_when_the_system_administrator_posts_then_are_refused(world, system_client, step) -> None:
    user = person(world)

    assert system_client.post(reverse(f"accounts:{step}", args=[user.pk])).status_code == 403


@pytest.mark.parametrize("step", ["correct", "add_role", "renew_invitation"])
def test_system_steps_when_the_security_administrator_posts_then_are_refused(world, security_client, step) -> None:
    user = person(world)

    assert security_client.post(reverse(f"accounts:{step}", args=[user.pk])).status_code == 403


@pytest.mark.parametrize("place", ["neighbour_school", "far_school"])
@pytest.mark.parametrize("step", ["person", "reset", "disable", "enable", "unlock"])
def test_person_when_outside_the_area_then_is_not_there(world, security_client, place, step) -> None:
    user = person(world, Role.REPORTER, place)
    address = reverse(f"accounts:{step}", args=[user.pk])

    answer = security_client.get(address) if step == "person" else security_client.post(address)

    assert answer.status_code == 404


def test_people_when_listed_then_only_those_of_the_area_are_there(world, system_client) -> None:
    inside, outside = person(world), person(world, Role.REPORTER, "far_school")
    waiting = stranger()
    asked(world, waiting)

    page = text_of(system_client.get("/accounts/people/"))

    assert inside.name in page
    assert waiting.name in page
    assert outside.name not in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"text": "principal@"}, {"principal"}),
        ({"text": "第一小学"}, {"principal"}),
        ({"role": "principal"}, {"principal"}),
        ({"state": "waiting"}, {"newcomer"}),
        ({"state": "invited"}, {"newcomer"}),
        ({"state": "disabled"}, {"reporter"}),
        ({"text": "没有这个人"}, set()),
    ],
)
def test_people_when_searched_then_those_that_fit_are_there(world, system_client, query, names) -> None:
    User.objects.filter(pk=person(world).pk).update(is_active=False)
    person(world, Role.PRINCIPAL, "town_school")
    asked(world, stranger())

    found = system_client.get("/accounts/people/", query).context["page"]

    assert {user.login.split("@")[0] for user in found} == names


def test_people_when_a_place_is_named_then_its_members_are_there(world, system_client) -> None:
    person(world)
    person(world, Role.PRINCIPAL, "town_school")

    for number, count in ((world["town_school"].pk, 1), ("x", 3)):
        assert len(system_client.get("/accounts/people/", {"place": number}).context["page"]) == count


def test_people_when_there_are_many_then_the_number_of_queries_stays(
    world, system_client, django_assert_max_num_queries
) -> None:
    for number in range(60):
        user = stranger(f"person{number}", f"人员{number}")
        Membership.objects.create(user=user, organisation=world["school"], role=Role.REPORTER)

    with django_assert_max_num_queries(9):
        answer = system_client.get("/accounts/people/")

    assert "第 1–50 条" in text_of(answer)


def test_invite_when_the_place_is_chosen_then_the_link_is_shown_and_never_again(world, system_client) -> None:
    assert "青石镇示例小学" in text_of(system_client.get("/accounts/people/invite/", {"text": "示例"}))
    address = f"/accounts/people/invite/?organisation={world['school'].pk}"
    assert "填报员" in text_of(system_client.get(address))

    answer = system_client.post(address, {"name": "李华", "login": "LiHua", "phone": "0990-1", "role": "reporter"})

    secret = part_of(r"invitation/([\w-]+)/", text_of(answer))
    user = User.objects.get(login="lihua")
    assert invited_by(secret) == user
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in text_of(system_client.get(reverse("accounts:person", args=[user.pk])))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"login": "-"}, "login"),
        ({"phone": "=1+1"}, "phone"),
        ({"role": "leader"}, "role"),
        ({"login": "taken"}, "__all__"),
    ],
)
def test_invite_when_something_is_wrong_then_the_field_tells(world, system_client, changed, field) -> None:
    stranger("taken")
    told = {"name": "李华", "login": "lihua", "phone": "", "role": "reporter", **changed}

    answer = system_client.post(f"/accounts/people/invite/?organisation={world['school'].pk}", told)

    assert list(answer.context["form"].errors) == [field]


@pytest.mark.parametrize("place", ["far_school", "city"])
def test_invite_when_the_place_is_outside_the_area_then_is_not_there(world, system_client, place) -> None:
    assert system_client.get(f"/accounts/people/invite/?organisation={world[place].pk}").status_code == 404


def test_journey_when_invited_and_approved_then_the_role_works(world, system_client, security_client) -> None:
    user = stranger()
    address = reverse("accounts:add_role", args=[user.pk])
    asked(world, user)  # makes the person visible
    choice = system_client.get(address, {"text": "第一初级"})
    assert "青石县第一初级中学" in text_of(choice)
    target = f"{address}?organisation={world['middle_school'].pk}"
    assert "校级审核" in text_of(system_client.get(target))

    system_client.post(target, {"role": "principal"})
    again = system_client.post(target, {"role": "principal"})
    waiting = MembershipRequest.objects.get(role=Role.PRINCIPAL)
    page = security_client.get("/accounts/requests/")
    security_client.post("/accounts/requests/decide/", {"chosen": [waiting.pk], "verdict": "approve"})

    assert "正在等待" in text_of(again)
    assert "青石县第一初级中学" in text_of(page)
    assert holds(user, Role.PRINCIPAL)


def test_decide_when_refused_then_the_person_page_tells_why(world, system_client, security_client) -> None:
    user = stranger()
    one = asked(world, user)

    answer = security_client.post(
        "/accounts/requests/decide/", {"chosen": [one.pk], "verdict": "refuse", "note": "姓名有误"}, follow=True
    )

    assert "已退回 1 项" in text_of(answer)
    assert "姓名有误" in text_of(system_client.get(reverse("accounts:person", args=[user.pk])))


def test_decide_when_nothing_is_chosen_then_says_so(world, security_client) -> None:
    answer = security_client.post("/accounts/requests/decide/", {"verdict": "approve", "chosen": ["x"]}, follow=True)

    assert "请先勾选" in text_of(answer)


def test_withdraw_when_it_is_in_the_area_then_is_taken_back(world, system_client) -> None:
    one, far = asked(world, stranger()), asked(world, stranger("far"), "far_school")

    system_client.post(reverse("accounts:withdraw", args=[one.pk]))

    one.refresh_from_db()
    assert one.state == MembershipRequest.State.WITHDRAWN
    assert system_client.post(reverse("accounts:withdraw", args=[far.pk])).status_code == 404


def test_end_membership_when_it_is_in_the_area_then_moves_to_the_past(world, security_client) -> None:
    held, far = world.member(Role.REPORTER, "school"), world.member(Role.REPORTER, "far_school")

    answer = security_client.post(reverse("accounts:end_membership", args=[held.pk]), follow=True)

    assert "曾任角色" in text_of(answer)
    assert security_client.post(reverse("accounts:end_membership", args=[far.pk])).status_code == 404


def test_person_when_steps_are_taken_then_each_says_what_happened(world, security_client) -> None:
    user = person(world)

    for step, said in (("disable", "已停用"), ("disable", "已经停用"), ("enable", "已恢复"), ("unlock", "解除锁定")):
        answer = security_client.post(reverse(f"accounts:{step}", args=[user.pk]), follow=True)
        assert said in text_of(answer), step


def test_reset_when_posted_then_the_link_is_shown_and_the_password_stops(world, security_client) -> None:
    user = person(world, has_totp=True)

    answer = security_client.post(reverse("accounts:reset", args=[user.pk]), {"second_factor": "remove"})

    user.refresh_from_db()
    assert "invitation/" in text_of(answer)
    assert (user.has_usable_password(), user.totp_secret) == (False, "")


def test_reset_when_it_is_an_equal_then_says_who_may(world, security_client) -> None:
    other = person(world, AUDIT, "county")

    answer = security_client.post(reverse("accounts:reset", args=[other.pk]), follow=True)

    assert "上级的安全管理员" in text_of(answer)


def test_renew_invitation_when_no_password_was_set_then_shows_a_link(world, system_client) -> None:
    user = stranger()
    asked(world, user)
    address = reverse("accounts:renew_invitation", args=[user.pk])

    assert "invitation/" in text_of(system_client.post(address))
    user.set_password("x")
    user.save()
    assert "由安全管理员重置" in text_of(system_client.post(address, follow=True))


def test_correct_when_posted_then_the_name_changes_or_the_field_tells(world, system_client) -> None:
    user = person(world)
    address = reverse("accounts:correct", args=[user.pk])

    wrong = system_client.post(address, {"name": "", "phone": "abc"})
    system_client.post(address, {"name": "新名", "phone": ""})

    user.refresh_from_db()
    assert wrong.context["form"].errors.keys() == {"name", "phone"}
    assert user.name == "新名"


def test_person_when_opened_then_the_number_of_queries_stays(
    world, security_client, django_assert_max_num_queries
) -> None:
    user = person(world)

    with django_assert_max_num_queries(10):
        page = security_client.get(reverse("accounts:person", args=[user.pk]))

    assert "安全办理" in text_of(page)


def test_person_when_it_is_oneself_then_no_step_is_offered(world, security_client) -> None:
    page = text_of(security_client.get(reverse("accounts:person", args=[world.member(SECURITY, "county").user_id])))

    assert "须由另一位管理员办理" in page
    assert "停用账号" not in page


def test_person_when_locked_then_the_page_offers_to_unlock(world, security_client, client) -> None:
    user = person(world)
    for _number in range(5):
        client.post("/accounts/sign-in/", {"login": user.login, "password": "wrong"})

    page = text_of(security_client.get(reverse("accounts:person", args=[user.pk])))

    assert "已锁定" in page
    assert "解除锁定" in page


def test_tokens_when_issued_then_the_secret_is_shown_once(world, security_client) -> None:
    held = world.member(Role.REPORTER, "school")
    assert held.user.name in text_of(security_client.get("/accounts/tokens/new/", {"text": "示例小学"}))
    address = f"/accounts/tokens/new/?membership={held.pk}"
    assert "用途" in text_of(security_client.get(address))

    answer = security_client.post(address, {"name": "夜间同步", "days": "30"})

    secret = part_of(r'value="(jh_[\w-]+)"', text_of(answer))
    found = queries.token_of(secret)
    assert found is not None
    assert found.membership == held
    assert "no-store" in answer.headers["Cache-Control"]
    listed = text_of(security_client.get("/accounts/tokens/"))
    assert "夜间同步" in listed
    assert secret not in listed


def test_tokens_when_the_role_is_none_of_theirs_then_is_not_there(world, security_client) -> None:
    for member in (world.member(AUDIT, "county"), world.member(Role.REPORTER, "far_school")):
        assert security_client.get(f"/accounts/tokens/new/?membership={member.pk}").status_code == 404


def test_tokens_when_the_form_is_refused_then_tells(world, security_client, monkeypatch) -> None:
    held = world.member(Role.REPORTER, "school")
    monkeypatch.setattr(tokens, "LONGEST", timedelta(days=1))

    answer = security_client.post(f"/accounts/tokens/new/?membership={held.pk}", {"name": "x", "days": "30"})

    assert "有效期须在" in text_of(answer)


def issued(world) -> Token:
    return tokens.issue(
        by=security(world),
        membership_id=world.member(Role.REPORTER, "school").pk,
        name="同步",
        expires_at=timezone.now() + timedelta(days=1),
    ).token


def test_revoke_when_posted_then_the_list_says_so(world, security_client, client_for) -> None:
    token = issued(world)
    far = client_for(world.member(SECURITY, "far_county"))

    assert far.post(reverse("accounts:revoke_token", args=[token.pk])).status_code == 404
    answer = security_client.post(reverse("accounts:revoke_token", args=[token.pk]), follow=True)

    assert "已撤销" in text_of(answer)


def test_give_up_token_when_it_acts_as_oneself_then_stops(world, client_for) -> None:
    token = issued(world)
    own = client_for(token.membership)
    other = client_for(world.member(Role.PRINCIPAL, "school"))
    address = reverse("accounts:give_up_token", args=[token.pk])

    assert "已经失效" in text_of(other.post(address, follow=True))
    assert "同步" in text_of(own.get("/accounts/security/"))
    assert "令牌已撤销" in text_of(own.post(address, follow=True))


def test_text_when_it_holds_markup_then_is_shown_as_text(world, system_client) -> None:
    user = person(world)
    User.objects.filter(pk=user.pk).update(name="<script>alert(1)</script>")

    page = text_of(system_client.get(reverse("accounts:person", args=[user.pk])))

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
