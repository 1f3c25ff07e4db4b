"""The command that makes the first administrators: a link, never a password."""

import io

import pytest
from django.core.management import CommandError, call_command

from junheng.web.accounts.actions import administrators
from junheng.web.accounts.errors import RefusedError
from junheng.web.accounts.models import Membership, User
from junheng.web.accounts.roles import Role
from junheng.web.organisations.models import Kind, Organisation
from tests.web.accounts.people import PASSWORD, invited_by, part_of, person

FIRST = {
    "role": "system_admin", "login": "sysadmin", "person": "甲", "kind": "county", "name": "青石县", "code": "990101",
}  # fmt: skip


def run(**options) -> str:
    out = io.StringIO()
    call_command("create_administrator", stdout=out, **options)
    return out.getvalue()


def secret_of(text: str) -> str:
    return part_of(r"/accounts/invitation/([\w-]+)/", text)


def test_create_administrator_when_the_tree_is_empty_then_makes_root_person_and_link(db) -> None:
    text = run(**FIRST, address="https://county.example/")

    held = Membership.objects.get()
    assert (held.organisation.kind, held.organisation.code, held.role) == (Kind.COUNTY, "990101", Role.SYSTEM_ADMIN)
    assert not held.user.has_usable_password()
    assert "https://county.example/accounts/invitation/" in text
    assert invited_by(secret_of(text)) == held.user


def test_create_administrator_when_all_three_are_made_then_three_people_hold_them(db) -> None:
    run(**FIRST)
    run(role="security_admin", login="secadmin", person="乙", organisation="青石县")
    run(role="audit_admin", login="auditor", person="丙", organisation="990101")

    held = Membership.objects.order_by("pk").values_list("user__login", "role")
    assert list(held) == [("sysadmin", "system_admin"), ("secadmin", "security_admin"), ("auditor", "audit_admin")]


def test_create_administrator_when_answers_are_missing_then_asks(db, monkeypatch) -> None:
    answers = iter(["audit_admin", "city", "示例市", "auditor", "丙"])
    monkeypatch.setattr("builtins.input", lambda: next(answers))

    run()

    assert Membership.objects.get().organisation.kind == Kind.CITY


def test_create_administrator_when_nobody_answers_then_tells_what_is_missing(db, monkeypatch) -> None:
    def closed() -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", closed)
    with pytest.raises(CommandError, match="缺少:登录名"):
        run(**{**FIRST, "login": None})
    monkeypatch.setattr("builtins.input", str)
    with pytest.raises(CommandError, match="缺少:姓名"):
        run(**{**FIRST, "person": None})


def test_create_administrator_when_the_person_is_refused_then_no_root_is_left(db) -> None:
    with pytest.raises(CommandError, match="登录名用"):
        run(**{**FIRST, "login": "甲"})

    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"organisation": "不存在"}, "没有找到"),
        ({"organisation": "青石县", "name": "另一个"}, "已经建立"),
        ({"organisation": "重名"}, "不止一个"),
    ],
)
def test_create_administrator_when_the_place_is_unclear_then_tells(world, changed, message) -> None:
    Organisation.objects.filter(code__in=["9900000002", "9900000003"]).update(name="重名")

    with pytest.raises(CommandError, match=message):
        run(role="audit_admin", login="auditor", person="丙", **changed)


def test_appoint_when_the_same_administrator_lost_everything_then_a_fresh_link_is_given(world) -> None:
    user = person(world, Role.SECURITY_ADMIN, "county", has_totp=True)

    secret = administrators.appoint(organisation=world["county"], role=Role.SECURITY_ADMIN, login=user.login, name="x")

    user.refresh_from_db()
    assert not user.check_password(PASSWORD)
    assert user.totp_secret == ""
    assert invited_by(secret) == user


def test_appoint_when_the_role_is_no_administrators_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="只建立"):
        administrators.appoint(organisation=world["county"], role=Role.LEADER, login="leader", name="丁")


def test_appoint_when_the_login_belongs_to_another_then_is_refused(world) -> None:
    user = person(world, Role.AUDIT_ADMIN, "county")

    with pytest.raises(RefusedError, match="已有人使用"):
        administrators.appoint(organisation=world["county"], role=Role.SYSTEM_ADMIN, login=user.login, name="x")


def test_appoint_when_the_place_is_a_school_then_nobody_is_made(world) -> None:
    with pytest.raises(RefusedError, match="不设这个角色"):
        administrators.appoint(organisation=world["school"], role=Role.SYSTEM_ADMIN, login="admin", name="x")

    assert not User.objects.filter(login="admin").exists()


@pytest.mark.parametrize(("kind", "name"), [("school", "学校"), ("county", " ")])
def test_create_root_when_kind_or_name_is_wrong_then_is_refused(db, kind, name) -> None:
    with pytest.raises(RefusedError, match="写明最高一级机构"):
        administrators.create_root(kind=kind, name=name)


def test_create_root_when_there_is_a_tree_then_is_refused(world) -> None:
    with pytest.raises(RefusedError, match="已经建立"):
        administrators.create_root(kind="nation", name="国家")
