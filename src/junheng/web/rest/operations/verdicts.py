"""The verdict of a run, why it is so, what is missing, and what was found in the facts."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from junheng import api
from junheng.core.digest import plain
from junheng.core.errors import InputError
from junheng.core.explain_node import Node
from junheng.web.access.roles import Permission
from junheng.web.evaluations import queries, trees
from junheng.web.evaluations.models import Run
from junheng.web.evaluations.origins import sources_of
from junheng.web.evaluations.snapshots import evaluation_of
from junheng.web.rest.keys import ApiRequest, BearerToken
from junheng.web.rest.operations.returns import FindingFilter, FindingOut
from junheng.web.rest.operations.runs import finished_run
from junheng.web.rest.paging import Page, part_of

router = Router(tags=["评估"])
MAY_SEE = Permission.SEE_RUNS
DEEPEST = 8
_OF_SCHOOLS = ("schools", "needs")


class NodeOut(Schema):
    """解释的一步。`path` 可再交给本接口;`sources` 是来源单元格或填写人;`hidden_count` 是没有展开的下级。"""

    path: str
    title: str
    outcome: str | None
    value: str
    limit: str
    formula: str
    margin: str
    flip: str
    clause: str
    notes: list[str]
    sources: list[str]
    hidden_count: int
    children: list["NodeOut"]


class ExplainFilter(Schema):
    """解释哪一处,展开几层。"""

    at: str = Field(
        "",
        max_length=200,
        description="如 school:<标识码>:<学段>:<指标>、dispersion:<指标>:<学段>、item:<编号>;空为全县",
    )
    depth: int = Field(2, ge=0, le=DEEPEST)


class GapFilter(Schema):
    """只看一所学校。"""

    code: str = ""


class GapsOut(Schema):
    """还差多少。数都是精确的:整数,或分数的文字(如 `7/3`)。学校和乡镇只看本单位的 `schools` 和 `needs`。

    `schools` 按学段:`to_threshold`、`to_floor` 是本学段缺多少,`of_school`、`of_school_to_floor` 和 `needed` 是全校应增加多少
    (共用资源有一部分拆分到其他学段)。`needs` 按学校、`totals` 按全县合计应增加多少,一校两个学段共用的只算一次;`stage_totals`
    是只为一个学段应增加多少,两个学段的数不能相加。
    """

    schools: list[dict[str, Any]]
    needs: list[dict[str, Any]]
    dispersion: list[dict[str, Any]]
    totals: dict[str, Any]
    stage_totals: dict[str, Any]


@router.get("/runs/{int:run_id}/verdict", auth=BearerToken(MAY_SEE), response=dict[str, Any])
def show_verdict(request: ApiRequest, run_id: int) -> HttpResponse:
    """全县结论的完整数据。

    数都是精确的(整数,或分数的文字);含全部学校,因此学校和乡镇的令牌看不到。
    """
    run = _whole(request, run_id)
    return HttpResponse(api.verdict_json(evaluation_of(run)), content_type="application/json; charset=utf-8")


@router.get("/runs/{int:run_id}/findings", auth=BearerToken(MAY_SEE), response=Page[FindingOut])
def list_run_findings(request: ApiRequest, run_id: int, wanted: Query[FindingFilter]) -> dict[str, Any]:
    """评估所用数据的检查结果。学校和乡镇请看各自填报的检查结果。"""
    findings = evaluation_of(_whole(request, run_id)).findings
    return part_of([each.as_dict() for each in findings if wanted.level in (None, each.level)], wanted)


@router.get("/runs/{int:run_id}/explain", auth=BearerToken(MAY_SEE), response=NodeOut)
def explain_run(request: ApiRequest, run_id: int, wanted: Query[ExplainFilter]) -> dict[str, Any]:
    """结论中任何一处为什么是这样:公式、条款、差距、怎样会改变、来源单元格。

    学校和乡镇只能问本单位学校的。
    """
    run = finished_run(request, run_id)
    school = trees.school_of(wanted.at)
    if queries.is_local(request.auth):
        get_object_or_404(queries.visible_schools(request.auth).exclude(code=""), code=school or "-")
    evaluation = evaluation_of(run)
    facts = replace(evaluation.facts, sources=sources_of(run, school))
    try:
        node = api.explain(replace(evaluation, facts=facts), wanted.at)
    except InputError as error:
        raise Http404(str(error)) from error
    return _node(node, wanted.depth)


@router.get("/runs/{int:run_id}/gaps", auth=BearerToken(MAY_SEE), response=GapsOut)
def show_gaps(request: ApiRequest, run_id: int, wanted: Query[GapFilter]) -> dict[str, Any]:
    """各校各项还差多少,以自然单位计;以及哪些学校拉大了差异系数。"""
    run = finished_run(request, run_id)
    found: dict[str, Any] = plain(api.gaps(evaluation_of(run)))
    if queries.is_local(request.auth):
        own = set(queries.visible_schools(request.auth).values_list("code", flat=True))
        of_own = {name: [each for each in found[name] if each["school_id"] in own] for name in _OF_SCHOOLS}
        found = of_own | {"dispersion": [], "totals": {}, "stage_totals": {}}
    if wanted.code:
        found |= {name: [each for each in found[name] if each["school_id"] == wanted.code] for name in _OF_SCHOOLS}
    return found


def _whole(request: ApiRequest, run_id: int) -> Run:
    """A finished run of which the actor sees the whole county; 404 for schools and townships."""
    if queries.is_local(request.auth):
        raise Http404
    return finished_run(request, run_id)


def _node(node: Node, depth: int) -> dict[str, Any]:
    words = ("path", "title", "outcome", "value", "limit", "formula", "margin", "flip", "clause", "notes")
    return {
        **{name: getattr(node, name) for name in words},
        "sources": [text for text in map(trees.source_text, node.locations) if text],
        "hidden_count": 0 if depth else len(node.children),
        "children": [_node(child, depth - 1) for child in node.children] if depth else [],
    }
