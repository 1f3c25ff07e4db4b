"""What actions and fields of audit rows are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOUNS: dict[str, str | Promise] = {
    "user": _("账号"),
    "invitation": _("邀请链接"),
    "membership": _("角色"),
    "sign_in": _("登录尝试"),
    "session": _("登录"),
    "password": _("密码"),
    "second_factor": _("二次验证"),
    "token": _("接口令牌"),
    "organisation": _("机构"),
    "school": _("学校"),
    "roster": _("学校名录"),
    "round": _("填报任务"),
    "return": _("填报"),
    "version": _("填报版本"),
    "remark": _("批注"),
    "extension": _("延期"),
    "upload": _("上传"),
    "run": _("评估"),
    "document": _("文书"),
    "job": _("后台任务"),
    "audit": _("审计查阅"),
}

VERBS: dict[str, str | Promise] = {
    "create": _("新建"),
    "correct": _("更正"),
    "update": _("修改"),
    "rename": _("更名"),
    "move": _("划转"),
    "merge": _("合并"),
    "close": _("撤销"),
    "delete": _("删除"),
    "import": _("导入"),
    "issue": _("生成"),
    "accept": _("接受"),
    "reset": _("重置"),
    "disable": _("停用"),
    "enable": _("恢复"),
    "unlock": _("解除锁定"),
    "request": _("申请"),
    "approve": _("批准"),
    "refuse": _("退回"),
    "withdraw": _("撤回"),
    "end": _("结束"),
    "start": _("开始"),
    "fail": _("失败"),
    "lock": _("锁定"),
    "change": _("修改"),
    "set_up": _("开启"),
    "remove": _("关闭"),
    "renew_codes": _("更换恢复码"),
    "revoke": _("撤销"),
    "open": _("开启"),
    "extend": _("延期"),
    "save": _("保存"),
    "submit": _("提交"),
    "return": _("退回"),
    "comment": _("批注"),
    "resolve": _("办结"),
    "upload": _("上传"),
    "apply": _("采用"),
    "keep": _("存档"),
    "publish": _("发布"),
    "make": _("生成"),
    "download": _("下载"),
    "cancel": _("取消"),
    "read": _("查阅"),
    "export": _("导出"),
    "check": _("校验"),
}

FIELDS: dict[str, str | Promise] = {
    "name": _("名称"),
    "login": _("登录名"),
    "phone": _("电话"),
    "role": _("角色"),
    "role_label": _("角色名称"),
    "expires_at": _("有效期至"),
    "acts_as": _("代表"),
    "count": _("次数"),
    "kind": _("类别"),
    "code": _("代码"),
    "note": _("说明"),
    "reason": _("理由"),
    "removes_second_factor": _("同时关闭二次验证"),
    "ended": _("退出的登录数"),
    "rows": _("行数"),
}


def action_label(action: str) -> str:
    """`user.disable` as people say it; words that nobody has named stay as they are."""
    noun, _dot, verb = action.partition(".")
    return " · ".join(str(part) for part in (NOUNS.get(noun, noun), VERBS.get(verb, verb)) if part)


def field_label(name: str) -> str:
    """A key of `before` and `after` as people say it; the key itself when nobody has named it."""
    return str(FIELDS.get(name, name))
