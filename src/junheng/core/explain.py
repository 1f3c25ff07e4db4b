"""Why a verdict is what it is: a tree from the county down to source cells and clauses, as data.

A node says in Chinese what it is about, its outcome, its value and limit, how it was computed, the clause, the cell, and what
would flip it. `junheng.core.explain_text` prints the tree; pages draw it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from junheng.core.errors import InputError
from junheng.core.explain_indicator import indicator_node
from junheng.core.explain_item import item_node
from junheng.core.explain_node import PART_LABEL, ROUNDING_NOTE, STAGE_LABEL, Context, Node, reason_notes
from junheng.core.facts import Facts
from junheng.core.fields import FieldDictionary
from junheng.core.rounding import printed
from junheng.core.stages import Rules
from junheng.core.standard import DispersionMode, Part, Standard
from junheng.core.verdict import (
    CompositeResult,
    DispersionResult,
    ExcludedSchool,
    Outcome,
    PartResult,
    SchoolResult,
    Verdict,
    VetoResult,
)

_TOP = 5
_NOT_BY_SCHOOL = "本标准不逐校判定,这里只列各项指标的数值"


@dataclass(frozen=True)
class Explainer:
    """Explains one verdict. The facts, standard and dictionary must be those that the verdict was made from."""

    context: Context

    @classmethod
    def of(cls, verdict: Verdict, facts: Facts, standard: Standard, dictionary: FieldDictionary) -> "Explainer":
        """An explainer; InputError when the standard is not the one of the verdict."""
        if standard.id != verdict.standard_id or standard.digest != verdict.standard_digest:
            raise InputError(f"结论依据的标准是 {verdict.standard_id},与给出的 {standard.id} 不一致。")
        rules = Rules.resolve(standard, verdict.judged_on, frozenset(verdict.exceptions_enabled))
        return cls(Context(verdict=verdict, facts=facts, rules=rules, dictionary=dictionary))

    def explain(self, path: str = "") -> Node:
        """The node for a path, with everything below it.

        Paths: `""` the county; `part:<part>`; `school:<school_id>[:<stage>[:<indicator>]]`; `dispersion:<indicator>:<stage>`;
        `composite:<stage>`; `item:<id>`; `veto:<id>`. InputError for a path that leads nowhere.
        """
        kind, _, rest = path.partition(":")
        makers = {
            "": lambda _: self._county(),
            "part": self._part_path,
            "school": self._school_path,
            "dispersion": self._dispersion_path,
            "composite": self._composite_path,
            "item": self._item_path,
            "veto": self._veto_path,
        }
        if kind not in makers:
            raise InputError(
                f"看不懂的位置“{path}”。可用:school:学校标识码、dispersion:指标:学段、item:指标、veto:情形。"
            )
        return makers[kind](rest)

    def _county(self) -> Node:
        verdict = self.context.verdict
        title = f"{verdict.county_name} {verdict.year}年度 {self.context.rules.standard.title}"
        return Node("", title, verdict.outcome, children=tuple(self._part(entry) for entry in verdict.parts))

    def _part_path(self, rest: str) -> Node:
        found = next((entry for entry in self.context.verdict.parts if entry.part.value == rest), None)
        if found is None:
            raise InputError(f"本结论没有“{rest}”这一部分。")
        return self._part(found)

    def _part(self, part: PartResult) -> Node:
        verdict = self.context.verdict
        counts = f"达标{part.met_count}、不达标{part.not_met_count}、无法判定{part.cannot_tell_count}"
        children: list[Node] = []
        if part.part is Part.RESOURCES:
            children += [self._composite(entry) for entry in verdict.composites]
            children += [self._dispersion(entry) for entry in verdict.dispersion]
            children += [self._school(entry) for entry in verdict.schools if entry.outcome is not Outcome.MET]
        elif part.part is Part.VETO:
            children += [self._veto(entry) for entry in verdict.vetoes]
        children += [item_node(self.context, entry) for entry in verdict.items if entry.part is part.part]
        notes = reason_notes(part.reasons)
        if part.part is Part.SCORED and verdict.scoring is not None:
            total = printed(verdict.scoring.total, 1)
            notes = (f"得分{total} / {printed(verdict.scoring.full, 0)},等次:{verdict.scoring.band or '—'}", *notes)
            notes += reason_notes(verdict.scoring.reasons)
        path = f"part:{part.part.value}"
        return Node(path, PART_LABEL[part.part], part.outcome, value=counts, notes=notes, children=tuple(children))

    def _school_path(self, rest: str) -> Node:
        school_id, _, more = rest.partition(":")
        stage, _, indicator = more.partition(":")
        schools = [entry for entry in self.context.verdict.schools if entry.school_id == school_id]
        schools = [entry for entry in schools if not stage or entry.stage.value == stage]
        if not schools:
            return self._excluded(school_id, stage)
        if indicator:
            found = next((entry for entry in schools[0].indicators if entry.indicator_id == indicator), None)
            if found is None:
                raise InputError(f"标准里没有资源配置指标“{indicator}”。")
            return indicator_node(self.context, schools[0], found)
        if len(schools) == 1:
            return self._school(schools[0])
        children = tuple(self._school(entry) for entry in schools)
        return Node(f"school:{school_id}", schools[0].school_name, None, children=children)

    def _excluded(self, school_id: str, stage: str) -> Node:
        found = [entry for entry in self.context.verdict.excluded if entry.school_id == school_id]
        asked = [entry for entry in found if not stage or entry.stage is None or entry.stage.value == stage]
        if not asked:
            raise InputError(self._no_such_stage(school_id, stage))
        entry = asked[0]
        notes = (f"不纳入资源配置评估:{entry.text}。",)
        return Node(f"school:{school_id}", entry.school_name, None, clause=entry.clause, notes=notes)

    def _no_such_stage(self, school_id: str, stage: str) -> str:
        """What to say when a path names a stage that the school does not have, or no school at all."""
        verdict = self.context.verdict
        everyone: list[SchoolResult | ExcludedSchool] = [*verdict.schools, *verdict.excluded]
        listed = [entry for entry in everyone if entry.school_id == school_id]
        if not listed:
            return f"没有学校标识码为“{school_id}”的学校。"
        stages = [entry.stage for entry in listed if entry.stage is not None]
        known = "、".join(f"{entry.value}（{STAGE_LABEL[entry]}）" for entry in stages)
        return f"{listed[0].school_name}（{school_id}）没有写作“{stage}”的学段,只有:{known}。"

    def _school(self, school: SchoolResult) -> Node:
        """A school stage; where the standard has no rule for schools it has no outcome, only the values of its indicators."""
        standard = self.context.rules.standard
        rule, total, notes = standard.school_rule, len(school.indicators), reason_notes(school.reasons)
        value = f"{school.met_count}/{total}项达标,{school.floor_count}/{total}项达到底线"
        if rule is None:
            notes = (_NOT_BY_SCHOOL + (";判定的是全县的差异系数。" if standard.dispersion else "。"), *notes)
        return Node(
            path=f"school:{school.school_id}:{school.stage.value}",
            title=f"{school.school_name}（{STAGE_LABEL[school.stage]}）",
            outcome=school.outcome if rule else None,
            value=value if rule else "",
            clause=rule.clause if rule else "",
            notes=notes,
            children=tuple(indicator_node(self.context, school, entry) for entry in school.indicators),
        )

    def _composite(self, entry: CompositeResult) -> Node:
        rule = self.context.rules.standard.dispersion
        is_judged = rule is not None and rule.mode is DispersionMode.COMPOSITE
        return Node(
            path=f"composite:{entry.stage.value}",
            title=f"{STAGE_LABEL[entry.stage]}综合差异系数" + ("" if is_judged else "（只作参考,不判定）"),
            outcome=entry.outcome,
            value=printed(entry.value, 3),
            limit=f"≤{printed(entry.limit, 2)}" if entry.limit is not None else "",
            clause=rule.clause if rule else "",
            notes=reason_notes((entry.reason,) if entry.reason else ()) + _rounding_note(entry.is_rounding_sensitive),
        )

    def _composite_path(self, rest: str) -> Node:
        for entry in self.context.verdict.composites:
            if entry.stage.value == rest:
                return self._composite(entry)
        raise InputError(f"没有综合差异系数“{rest}”,学段写 primary 或 junior。")

    def _dispersion_path(self, rest: str) -> Node:
        for entry in self.context.verdict.dispersion:
            if f"{entry.indicator_id}:{entry.stage.value}" == rest:
                return self._dispersion(entry)
        raise InputError(f"没有差异系数“{rest}”,应写成 指标:学段,如 sports_area_per_student:junior。")

    def _dispersion(self, entry: DispersionResult) -> Node:
        indicator = self.context.rules.standard.indicator(entry.indicator_id)
        rule = self.context.rules.standard.dispersion
        names = {school.school_id: school.school_name for school in self.context.verdict.schools}
        movers = sorted(entry.contributions, key=lambda mover: (-mover.share, mover.school_id))[:_TOP]
        notes = [f"全县平均值{printed(entry.mean, 2)}{indicator.unit},{entry.school_count}所学校按学生数加权。"]
        notes += [
            f"{names[mover.school_id]}占方差{mover.share:.1%}"
            + (f",去掉该校后为{mover.without:.3f}" if mover.without is not None else "")
            for mover in movers
        ]
        return Node(
            path=f"dispersion:{entry.indicator_id}:{entry.stage.value}",
            title=f"{STAGE_LABEL[entry.stage]}“{indicator.short_name}”差异系数",
            outcome=entry.outcome if entry.limit is not None else None,
            value=printed(entry.coefficient, 3),
            limit=f"≤{printed(entry.limit, 2)}" if entry.limit is not None else "",
            formula="CV = √(P·Σ(x²/p) / S² − 1),P 为学生总数,S 为资源总量",
            clause=rule.clause if rule else "",
            notes=(*notes, *_mean_note(entry), *_rounding_note(entry.is_rounding_sensitive), *_reasons(entry)),
        )

    def _item_path(self, rest: str) -> Node:
        for entry in self.context.verdict.items:
            if entry.item_id == rest:
                return item_node(self.context, entry)
        raise InputError(f"本结论没有指标“{rest}”。")

    def _veto_path(self, rest: str) -> Node:
        for entry in self.context.verdict.vetoes:
            if entry.veto_id == rest:
                return self._veto(entry)
        raise InputError(f"本标准没有一票否决情形“{rest}”。")

    def _veto(self, entry: VetoResult) -> Node:
        words = {Outcome.MET: "未发现", Outcome.NOT_MET: "存在", Outcome.CANNOT_TELL: "无法判定"}
        notes = reason_notes(entry.reasons)
        if entry.assessor:
            notes += (f"评估人:{entry.assessor};佐证:{'、'.join(entry.evidence) or '—'}",)
        path = f"veto:{entry.veto_id}"
        return Node(path, entry.name, entry.outcome, value=words[entry.outcome], clause=entry.clause, notes=notes)


def _mean_note(entry: DispersionResult) -> tuple[str, ...]:
    return () if entry.mean_outcome is None else (f"全县平均值是否达到标准:{entry.mean_outcome.label}。",)


def _rounding_note(is_sensitive: bool) -> tuple[str, ...]:
    return (ROUNDING_NOTE,) if is_sensitive else ()


def _reasons(entry: DispersionResult) -> Sequence[str]:
    return reason_notes((entry.reason,)) if entry.reason is not None else ()
