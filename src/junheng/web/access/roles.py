"""Roles and what each may do. The only place that says so; where a role can be held stands in `accounts.roles`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """In which capacity a person acts. One at a time."""

    REPORTER = "reporter", _("填报员")
    PRINCIPAL = "principal", _("校级审核")
    TOWNSHIP = "township", _("乡镇审核")
    COUNTY_OFFICE = "county_office", _("县级管理员")
    DEPARTMENT = "department", _("部门联络员")
    SUPERVISOR = "supervisor", _("督导")
    ASSESSOR = "assessor", _("专家")
    LEADER = "leader", _("领导")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


class Permission(models.TextChoices):
    """One thing a role may do, within the part of the tree it can see."""

    SEE_ORGANISATIONS = "see_organisations", _("查看机构")
    MANAGE_ORGANISATIONS = "manage_organisations", _("管理机构与学校名录")
    MANAGE_ACCOUNTS = "manage_accounts", _("建立账号、发出邀请")
    GRANT_ROLES = "grant_roles", _("授予角色、解除锁定、停用账号")
    READ_AUDIT = "read_audit", _("查看审计")
    OPEN_ROUNDS = "open_rounds", _("开启和锁定填报")
    SEE_RETURNS = "see_returns", _("查看填报")
    EDIT_RETURN = "edit_return", _("填写和提交")
    REVIEW_RETURN = "review_return", _("审核填报")
    SEE_PROGRESS = "see_progress", _("查看填报进度")
    START_RUN = "start_run", _("发起评估")
    SEE_RUNS = "see_runs", _("查看评估结论")
    MAKE_DOCUMENTS = "make_documents", _("生成文书")
    SEE_DOCUMENTS = "see_documents", _("下载文书")
    EDIT_PLANS = "edit_plans", _("编制和采用规划")
    SEE_PLANS = "see_plans", _("查看预测和规划")
    SEE_OWN_MEASURES = "see_own_measures", _("查看本校的措施")
    MANAGE_TOKENS = "manage_tokens", _("管理接口令牌")
    SEE_JOBS = "see_jobs", _("查看后台任务")


_SCHOOL = {Role.REPORTER, Role.PRINCIPAL}
_READERS = {Role.COUNTY_OFFICE, Role.DEPARTMENT, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER}

GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.SEE_ORGANISATIONS: frozenset(
        {*_SCHOOL, Role.TOWNSHIP, *_READERS, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}
    ),
    Permission.MANAGE_ORGANISATIONS: frozenset({Role.SYSTEM_ADMIN, Role.COUNTY_OFFICE}),
    Permission.MANAGE_ACCOUNTS: frozenset({Role.SYSTEM_ADMIN}),
    Permission.GRANT_ROLES: frozenset({Role.SECURITY_ADMIN}),
    Permission.READ_AUDIT: frozenset({Role.AUDIT_ADMIN}),
    Permission.OPEN_ROUNDS: frozenset({Role.COUNTY_OFFICE, Role.SUPERVISOR}),
    Permission.SEE_RETURNS: frozenset({*_SCHOOL, Role.TOWNSHIP, *_READERS}),
    Permission.EDIT_RETURN: frozenset({Role.REPORTER, Role.DEPARTMENT}),
    Permission.REVIEW_RETURN: frozenset({Role.PRINCIPAL, Role.TOWNSHIP, Role.COUNTY_OFFICE}),
    Permission.SEE_PROGRESS: frozenset({Role.TOWNSHIP, *_READERS}),
    Permission.START_RUN: frozenset({Role.COUNTY_OFFICE}),
    Permission.SEE_RUNS: frozenset({*_SCHOOL, Role.TOWNSHIP, *_READERS}),
    Permission.MAKE_DOCUMENTS: frozenset({Role.COUNTY_OFFICE}),
    Permission.SEE_DOCUMENTS: frozenset({Role.COUNTY_OFFICE, Role.SUPERVISOR, Role.ASSESSOR, Role.LEADER}),
    Permission.EDIT_PLANS: frozenset({Role.COUNTY_OFFICE}),
    Permission.SEE_PLANS: frozenset({Role.COUNTY_OFFICE, Role.SUPERVISOR, Role.LEADER}),
    Permission.SEE_OWN_MEASURES: frozenset(_SCHOOL),
    Permission.MANAGE_TOKENS: frozenset({Role.SECURITY_ADMIN}),
    Permission.SEE_JOBS: frozenset({*_SCHOOL, Role.TOWNSHIP, *_READERS, Role.SYSTEM_ADMIN}),
}

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""Three separated administrators: nobody holds two of these roles."""


def may(role: str, permission: Permission) -> bool:
    """True when the role has the permission."""
    return role in GRANTS[permission]
