"""What actions and fields of audit rows are called."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

NOUNS: dict[str, str | Promise] = {
    "user": pgettext_lazy("audit", "账号"),
    "invitation": pgettext_lazy("audit", "邀请链接"),
    "membership": pgettext_lazy("audit", "角色"),
    "sign_in": pgettext_lazy("audit", "登录尝试"),
    "session": pgettext_lazy("audit", "登录"),
    "password": pgettext_lazy("audit", "密码"),
    "second_factor": pgettext_lazy("audit", "二次验证"),
    "token": pgettext_lazy("audit", "接口令牌"),
    "organisation": pgettext_lazy("audit", "机构"),
    "school": pgettext_lazy("audit", "学校"),
    "roster": pgettext_lazy("audit", "学校名录"),
    "round": pgettext_lazy("audit", "填报任务"),
    "return": pgettext_lazy("audit", "填报"),
    "version": pgettext_lazy("audit", "填报版本"),
    "remark": pgettext_lazy("audit", "批注"),
    "extension": pgettext_lazy("audit", "延期"),
    "upload": pgettext_lazy("audit", "上传"),
    "run": pgettext_lazy("audit", "评估"),
    "document": pgettext_lazy("audit", "文书"),
    "documents": pgettext_lazy("audit", "文书"),
    "notice": pgettext_lazy("audit", "通知"),
    "job": pgettext_lazy("audit", "后台任务"),
    "audit": pgettext_lazy("audit", "审计查阅"),
}

VERBS: dict[str, str | Promise] = {
    "create": pgettext_lazy("audit", "新建"),
    "correct": pgettext_lazy("audit", "更正"),
    "update": pgettext_lazy("audit", "修改"),
    "rename": pgettext_lazy("audit", "更名"),
    "move": pgettext_lazy("audit", "划转"),
    "merge": pgettext_lazy("audit", "合并"),
    "close": pgettext_lazy("audit", "关停"),
    "delete": pgettext_lazy("audit", "删除"),
    "import": pgettext_lazy("audit", "导入"),
    "issue": pgettext_lazy("audit", "生成"),
    "accept": pgettext_lazy("audit", "接受"),
    "reset": pgettext_lazy("audit", "重置"),
    "disable": pgettext_lazy("audit", "停用"),
    "enable": pgettext_lazy("audit", "恢复"),
    "unlock": pgettext_lazy("audit", "解除锁定"),
    "request": pgettext_lazy("audit", "申请"),
    "approve": pgettext_lazy("audit", "批准"),
    "refuse": pgettext_lazy("audit", "退回"),
    "withdraw": pgettext_lazy("audit", "撤回"),
    "end": pgettext_lazy("audit", "结束"),
    "start": pgettext_lazy("audit", "开始"),
    "fail": pgettext_lazy("audit", "失败"),
    "lock": pgettext_lazy("audit", "锁定"),
    "change": pgettext_lazy("audit", "修改"),
    "set_up": pgettext_lazy("audit", "启用"),
    "remove": pgettext_lazy("audit", "关闭"),
    "renew_codes": pgettext_lazy("audit", "更换恢复码"),
    "revoke": pgettext_lazy("audit", "撤销"),
    "open": pgettext_lazy("audit", "开启"),
    "extend": pgettext_lazy("audit", "延期"),
    "save": pgettext_lazy("audit", "保存"),
    "submit": pgettext_lazy("audit", "提交"),
    "return": pgettext_lazy("audit", "退回"),
    "comment": pgettext_lazy("audit", "批注"),
    "resolve": pgettext_lazy("audit", "办结"),
    "upload": pgettext_lazy("audit", "上传"),
    "apply": pgettext_lazy("audit", "采用"),
    "keep": pgettext_lazy("audit", "存档"),
    "publish": pgettext_lazy("audit", "发布"),
    "make": pgettext_lazy("audit", "生成"),
    "download": pgettext_lazy("audit", "下载"),
    "cancel": pgettext_lazy("audit", "取消"),
    "read": pgettext_lazy("audit", "查阅"),
    "export": pgettext_lazy("audit", "导出"),
    "check": pgettext_lazy("audit", "校验"),
    "send_back": pgettext_lazy("audit", "退回"),
    "receive": pgettext_lazy("audit", "收到文件"),
    "discard": pgettext_lazy("audit", "放弃"),
    "fill": pgettext_lazy("audit", "整表填写"),
    "fill_from_workbook": pgettext_lazy("audit", "从工作簿填入"),
    "add_row": pgettext_lazy("audit", "加行"),
    "remove_row": pgettext_lazy("audit", "删行"),
    "explain": pgettext_lazy("audit", "说明警告"),
    "resolve_remark": pgettext_lazy("audit", "办结批注"),
    "withdraw_correction": pgettext_lazy("audit", "放弃更正"),
    "change_due": pgettext_lazy("audit", "改截止日期"),
    "remind": pgettext_lazy("audit", "催报"),
    "finish": pgettext_lazy("audit", "完成"),
    "order": pgettext_lazy("audit", "发起生成"),
    "enqueue": pgettext_lazy("audit", "排入后台"),
    "renew_password": pgettext_lazy("audit", "更换密码"),
}

FIELDS: dict[str, str | Promise] = {
    "name": pgettext_lazy("audit", "名称"),
    "login": pgettext_lazy("audit", "登录名"),
    "phone": pgettext_lazy("audit", "电话"),
    "role": pgettext_lazy("audit", "角色"),
    "role_label": pgettext_lazy("audit", "角色名称"),
    "expires_at": pgettext_lazy("audit", "有效期至"),
    "acts_as": pgettext_lazy("audit", "代表"),
    "count": pgettext_lazy("audit", "次数"),
    "kind": pgettext_lazy("audit", "类别"),
    "code": pgettext_lazy("audit", "代码"),
    "note": pgettext_lazy("audit", "说明"),
    "reason": pgettext_lazy("audit", "理由"),
    "removes_second_factor": pgettext_lazy("audit", "同时关闭二次验证"),
    "ended": pgettext_lazy("audit", "退出的登录数"),
    "rows": pgettext_lazy("audit", "行数"),
}


def action_label(action: str) -> str:
    """`user.disable` as people say it; words that nobody has named stay as they are."""
    noun, _dot, verb = action.partition(".")
    return " · ".join(str(part) for part in (NOUNS.get(noun, noun), VERBS.get(verb, verb)) if part)


def field_label(name: str) -> str:
    """A key of `before` and `after` as people say it; the key itself when nobody has named it."""
    return str(FIELDS.get(name, name))
