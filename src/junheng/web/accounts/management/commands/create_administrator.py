"""`junheng manage create_administrator`: the first administrators, and a way back in for those at the top."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from junheng.core.errors import JunhengError
from junheng.web.accounts.actions.administrators import ROOT_KINDS, appoint, create_root
from junheng.web.accounts.actions.invitations import VALID_FOR
from junheng.web.accounts.roles import ADMINISTRATORS, Role
from junheng.web.organisations.models import Organisation

QUESTIONS = {
    "role": "角色(system_admin / security_admin / audit_admin)",
    "kind": "最高一级机构的类别(nation / province / city / county)",
    "name": "最高一级机构的全称",
    "organisation": "所在机构(代码或全称)",
    "login": "登录名",
    "person": "姓名",
}


class Command(BaseCommand):
    """Prints a link by which the administrator sets their own password. No password is ever given to this command."""

    help = (
        "建立系统、安全或审计管理员,打印一次性链接,由本人设置密码。三类管理员各由一人担任。"
        "对已有的同一管理员再运行一次,即作废其密码和二次验证并重新给出链接。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """All may be left out; what is missing is asked for."""
        parser.add_argument(
            "--role", choices=sorted(ADMINISTRATORS), help="系统 system_admin、安全 security_admin、审计 audit_admin"
        )
        parser.add_argument("--organisation", help="所在机构的代码或全称;机构树为空时不填")
        parser.add_argument("--login", help="登录名")
        parser.add_argument("--person", help="姓名")
        parser.add_argument(
            "--kind", choices=[str(kind) for kind in ROOT_KINDS], help="机构树为空时:最高一级机构的类别"
        )
        parser.add_argument("--name", help="机构树为空时:最高一级机构的全称")
        parser.add_argument("--code", default="", help="机构树为空时:最高一级机构的行政区划代码")
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="平台的网址,写进链接")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Asks for what is missing, makes the administrator and prints the link."""
        is_first = not Organisation.objects.exists()
        wanted = (
            ("role", "kind", "name", "login", "person") if is_first else ("role", "organisation", "login", "person")
        )
        told = {key: options[key] or self._ask(QUESTIONS[key]) for key in wanted}
        try:
            with transaction.atomic():
                place = _root(told, options) if is_first else _existing(told["organisation"], options)
                secret = appoint(organisation=place, role=told["role"], login=told["login"], name=told["person"])
        except JunhengError as error:
            raise CommandError(str(error)) from error
        path = reverse("accounts:accept", kwargs={"secret": secret})
        self.stdout.write(f"{place.name} · {Role(told['role']).label} · {told['person']}({told['login']})")
        self.stdout.write(f"请在 {VALID_FOR.days} 天内由本人打开下面的链接设置密码。链接只显示这一次,只能用一次:")
        self.stdout.write(f"{options['address'].rstrip('/')}{path}")

    def _ask(self, question: str) -> str:
        """An answer from the terminal; CommandError where nobody can answer."""
        self.stdout.write(f"{question}: ", ending="")
        self.stdout.flush()
        try:
            answer = input().strip()
        except EOFError as error:
            raise CommandError(f"缺少:{question}。请用选项写明,--help 列出全部选项。") from error
        if not answer:
            raise CommandError(f"缺少:{question}。")
        return answer


def _existing(wanted: str, options: dict[str, Any]) -> Organisation:
    if options["name"] or options["kind"]:
        raise CommandError("机构树已经建立,不用 --kind 和 --name;请用 --organisation 指定机构(代码或全称)。")
    found = list(Organisation.objects.filter(Q(code=wanted) | Q(name=wanted))[:2])
    if len(found) != 1:
        problem = "没有找到" if not found else "不止一个机构叫"
        raise CommandError(f"{problem}「{wanted}」,请改用机构代码。")
    return found[0]


def _root(told: dict[str, str], options: dict[str, Any]) -> Organisation:
    return create_root(kind=told["kind"], name=told["name"], code=options["code"])
