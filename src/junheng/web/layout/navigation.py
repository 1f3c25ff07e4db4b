"""The entries of the side navigation: what they are called, where they lead, and who sees them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from junheng.web.access.roles import Permission, Role, may


@dataclass(frozen=True, slots=True)
class Entry:
    """One link. Shown to who has any of `permissions` (none named: everybody signed in) and, if named, one of `roles`."""

    label: str | Promise
    route: str
    icon: str
    permissions: tuple[Permission, ...] = ()
    roles: tuple[Role, ...] = ()

    def is_for(self, role: str) -> bool:
        """True when a person in this role is shown the entry."""
        allowed = not self.permissions or any(may(role, entry) for entry in self.permissions)
        return allowed and (not self.roles or role in self.roles)


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one title."""

    title: str | Promise
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the page shows it. `count` is a number waiting there; None: no badge."""

    label: str | Promise
    address: str
    icon: str
    is_current: bool
    count: int | None = None


GROUPS = (
    Group(
        _("监测"),
        (
            Entry(_("监测总览"), "evaluations:dashboard", "speedometer2", (Permission.SEE_RUNS,)),
            Entry(
                _("下级比较"),
                "evaluations:region",
                "grid-3x3",
                (Permission.SEE_RUNS,),
                (Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER),
            ),
            Entry(_("评估运行"), "evaluations:runs", "clipboard-check", (Permission.SEE_RUNS,)),
            Entry(pgettext_lazy("several", "标准"), "evaluations:standards", "book"),
        ),
    ),
    Group(
        _("填报"),
        (
            Entry(_("填报任务"), "returns:rounds", "calendar-event", (Permission.OPEN_ROUNDS,)),
            Entry(_("我的填报"), "returns:mine", "pencil-square", (Permission.EDIT_RETURN,)),
            Entry(_("审核"), "returns:review", "check2-square", (Permission.REVIEW_RETURN,)),
            Entry(_("通知"), "returns:notices", "bell", (Permission.SEE_RETURNS,)),
            Entry(_("填报进度"), "returns:progress", "bar-chart-steps", (Permission.SEE_PROGRESS,)),
        ),
    ),
    Group(
        _("预测与规划"),
        (
            Entry(_("学生数预测"), "plans:forecasts", "graph-up", (Permission.SEE_PLANS,)),
            Entry(_("方案设定"), "plans:scenarios", "pencil-square", (Permission.EDIT_PLANS,)),
            Entry(_("规划"), "plans:plans", "table", (Permission.SEE_PLANS,)),
            Entry(_("本校的措施"), "plans:mine", "table", (Permission.SEE_OWN_MEASURES,)),
        ),
    ),
    Group(_("文书"), (Entry(_("文书与报表"), "documents:list", "file-earmark-text", (Permission.SEE_DOCUMENTS,)),)),
    Group(
        _("系统"),
        (
            Entry(_("机构与学校"), "organisations:tree", "diagram-3", (Permission.SEE_ORGANISATIONS,)),
            Entry(_("导入学校名录"), "organisations:import", "upload", (Permission.MANAGE_ORGANISATIONS,)),
            Entry(_("用户与角色"), "accounts:people", "people", (Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES)),
            Entry(
                _("角色申请"),
                "accounts:requests",
                "person-badge",
                (Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES),
            ),
            Entry(
                _("后台任务"),
                "jobs:list",
                "arrow-repeat",
                (Permission.SEE_JOBS,),
                (Role.COUNTY_OFFICE, Role.SUPERVISOR, Role.SYSTEM_ADMIN),
            ),
            Entry(_("接口令牌"), "accounts:tokens", "key", (Permission.MANAGE_TOKENS,)),
            Entry(_("审计日志"), "audit:list", "journal-text", (Permission.READ_AUDIT,)),
            Entry(_("登录安全"), "accounts:security", "shield-lock"),
        ),
    ),
)


def links(role: str, path: str, counts: Mapping[str, int]) -> list[tuple[str | Promise, list[Link]]]:
    """The groups that a role sees, each with its links; the link that fits `path` best is the current one."""
    shown = [
        (group.title, [(entry, _address(entry)) for entry in group.entries if entry.is_for(role)]) for group in GROUPS
    ]
    current = _current([address for _title, pairs in shown for _entry, address in pairs], path)
    made = [
        (
            title,
            [
                Link(entry.label, address, entry.icon, address == current, counts.get(entry.route))
                for entry, address in pairs
                if address
            ],
        )
        for title, pairs in shown
    ]
    return [(title, entries) for title, entries in made if entries]


def _address(entry: Entry) -> str:
    """Where the entry leads; empty when this installation does not have the route."""
    try:
        return reverse(entry.route)
    except NoReverseMatch:
        return ""


def _current(addresses: list[str], path: str) -> str:
    """The longest address that `path` begins with; the start page only when it is the page itself."""
    fitting = [entry for entry in addresses if entry and (path == entry or (entry != "/" and path.startswith(entry)))]
    return max(fitting, key=len, default="")
