"""Pages for what went wrong: what happened and what to do next, never why in technical terms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

HOME = _("请返回首页重试;仍有问题请联系本级管理员。")
WORDS: dict[int, tuple[Text, Text]] = {
    400: (_("请求不完整"), HOME),
    403: (_("当前角色不能做这件事"), _("如需办理,请在右上角切换角色,或联系本单位管理员。")),
    404: (_("没有这个页面,或您看不到它"), _("地址可能写错了,或内容不在您的管辖范围内。请从首页的导航重新进入。")),
    500: (_("系统出错,已记录"), _("已提交成功的内容不会丢失。请稍后重试;仍有问题请联系本级管理员。")),
}
STALE: tuple[Text, Text] = (_("页面已过期"), _("请返回上一页刷新后再提交;已自动保存的内容不会丢。"))


def _context(status: int, words: tuple[Text, Text]) -> dict[str, object]:
    return {"status": status, "heading": words[0], "text": words[1]}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return render(request, "layout/error.html", _context(400, WORDS[400]), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "layout/error.html", _context(403, WORDS[403]), status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token, mostly a page that was open for too long."""
    return render(request, "layout/error.html", _context(403, STALE), status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return render(request, "layout/error.html", _context(404, WORDS[404]), status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500. Asks neither the database nor the session, which may be what broke."""
    return HttpResponse(render_to_string("layout/error.html", _context(500, WORDS[500])), status=500)
