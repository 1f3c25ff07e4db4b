"""A page that shows every component once, with routes of its own: what the tests of the look walk through."""

from pathlib import Path

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import URLPattern, URLResolver, include, path

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Role
from junheng.web.config import views
from junheng.web.layout import errors
from junheng.web.layout.navigation import GROUPS

TEMPLATE = Path(__file__).with_name("sample.html")
OFFICE = Actor(1, "王敏", Role.COUNTY_OFFICE.value, 4, "青石县教育局", "00000001", "00000001")
INDICATORS = ("高学历教师", "骨干教师", "体艺教师", "教辅用房", "体育场馆", "仪器设备", "多媒体教室")
TOWNS = ("城关镇", "青石镇", "白河镇", "东岭乡", "南坪镇", "石桥镇", "柳林乡", "安平镇")
LEVELS = ("met", "near", "met", "high", "far", "met", "unknown", "high")


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="学校名称", help_text="与标识码登记的名称一致。")
    students = forms.IntegerField(label="在校学生数", min_value=0)
    area = forms.DecimalField(label="体育运动场馆面积", required=False, help_text="不含租借的场地。")
    stage = forms.ChoiceField(label="学段", choices=[("", "请选择"), ("primary", "小学"), ("junior", "初中")])
    kind = forms.ChoiceField(label="办学类型", choices=[("a", "完全小学"), ("b", "教学点")], widget=forms.RadioSelect)
    is_boarding = forms.BooleanField(label="寄宿制学校", required=False)
    reason = forms.CharField(label="变动原因", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    file = forms.FileField(label="填报表", required=False)


def charts() -> dict[str, object]:
    """One chart of each kind."""
    primary = [0.232, 0.271, 0.312, 0.268, 0.279, 0.311, 0.238]
    junior = [0.248, 0.25, 0.207, None, 0.281, 0.228, 0.291]
    towns = [{"name": f"示例小学{n}", "x": n * 37 % 100, "y": n * 61 % 83, "size": n * 97 % 1400} for n in range(60)]
    return {
        "bars": {
            "kind": "bars", "categories": INDICATORS, "places": 3,
            "series": [{"name": "小学", "values": primary}, {"name": "初中", "values": junior}],
            "limits": [
                {"name": "小学≤0.50", "value": 0.5, "series": 0}, {"name": "初中≤0.45", "value": 0.45, "series": 1},
            ],
        },
        "radar": {
            "kind": "radar", "axes": [{"name": name} for name in INDICATORS], "limit": 100, "places": 0,
            "series": [
                {"name": "小学", "values": [132, 128, 122, 112, 119, 124, 130]},
                {"name": "初中", "values": [126, 117, 112, 148, 121, 128, 127]},
            ],
        },
        "points": {
            "kind": "points",
            "groups": [
                {"name": "达标", "level": "good", "points": towns[:35]},
                {"name": "不达标", "level": "bad", "points": towns[35:55]},
                {"name": "无法判定", "level": "unknown", "points": towns[55:]},
            ],
        },
        "scatter": {
            "kind": "points", "x_name": "学生数", "y_name": "最弱指标(标准=100)", "y_limit": 100,
            "groups": [
                {"name": "达标", "level": "good", "points": towns[:9]},
                {"name": "不达标", "level": "bad", "points": towns[9:20]},
            ],
        },
        "lines": {
            "kind": "lines", "categories": ["2023", "2024", "2025", "2026"], "unit": "%", "places": 1,
            "series": [{"name": "小学", "values": [48.2, 52.0, 57.7, 60.8]}, {"name": "初中", "values": [50, None, 61, 66.7]}],
            "limits": [{"name": "目标 100", "value": 100}],
        },
        "heat": {
            "kind": "heat", "columns": INDICATORS[:4], "rows": ["小学", "初中"], "places": 2,
            "cells": [[0, 0, 0.8], [0, 1, 1.2], [0, 2, None], [0, 3, 1], [1, 0, 0.6], [1, 1, 1.6], [1, 2, 1.1], [1, 3, 0.9]],
        },
    }  # fmt: skip


def rows() -> list[dict[str, object]]:
    """Schools of the heat table."""
    return [
        {
            "name": f"{TOWNS[n % 8]}第{n // 8 + 1}小学", "students": 166 + n * 83 % 1200,
            "cells": [(f"{(n * 7 + at * 13) % 90 / 10:.2f}", LEVELS[(n + at * 3) % 8]) for at in range(7)],
            "outcome": ("met", "not_met", "met", "cannot_tell")[n % 4],
        }
        for n in range(24)
    ]  # fmt: skip


def sample(request: HttpRequest) -> HttpResponse:
    """All components, as the county office sees them."""
    request.actor = OFFICE  # type: ignore[attr-defined] # as the middleware does for those who are signed in
    form = SampleForm({"name": "", "students": "-3", "stage": "", "kind": "a"} if "wrong" in request.GET else None)
    messages.success(request, "已保存。")
    if "wrong" in request.GET:
        messages.error(request, "没有保存:有 3 处需要改正。")
        messages.warning(request, "离截止还有 2 天。")
    template = engines["django"].from_string(TEMPLATE.read_text(encoding="utf-8"))
    page = Paginator(range(230), 10).get_page(request.GET.get("page"))
    context = {
        "form": form, "charts": charts(), "rows": rows(), "indicators": INDICATORS, "page": page,
        "towns": list(zip(TOWNS, LEVELS, strict=True)), "navigation_counts": {"returns:review": 14},
        "statuses": (302, 409, 500),
    }  # fmt: skip
    return HttpResponse(template.render(context, request))


def fail(request: HttpRequest) -> HttpResponse:
    """A view with a bug."""
    raise ZeroDivisionError


def part(request: HttpRequest) -> HttpResponse:
    """What htmx gets: a conflict to show in place, a failure, or the way to another page as when a sign-in ran out."""
    status = int(request.GET["status"])
    return redirect("/returns/mine/") if status == 302 else HttpResponse("<p>有人刚刚改过</p>", status=status)


def refuse(request: HttpRequest) -> HttpResponse:
    """A view that this role may not open."""
    raise PermissionDenied


def misunderstand(request: HttpRequest) -> HttpResponse:
    """A view that cannot read the request."""
    raise BadRequest


def stand_ins() -> list[URLResolver]:
    """A route for every entry of the navigation and of the header, so that the frame is whole without the other apps."""
    names = {entry.route for group in GROUPS for entry in group.entries} | {"accounts:roles", "accounts:sign_out"}
    spaces = sorted({name.split(":")[0] for name in names})
    return [
        path(
            f"{space}/",
            include(
                ([path(f"{n}/", sample, name=n) for s, n in (x.split(":") for x in sorted(names)) if s == space], space)
            ),
        )
        for space in spaces
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("sample/", sample, name="sample"),
    path("fail/", fail),
    path("part/", part),
    path("refused/", refuse),
    path("odd/", misunderstand),
    path("language/", views.language, name="set_language"),
    *stand_ins(),
]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.broken
