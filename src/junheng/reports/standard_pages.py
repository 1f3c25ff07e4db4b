"""A standard as people read it: every value with its clause, the notes, and the worked cases, in sections of tables.

`standard_sections` gives them as data, `standard_page` as Markdown.

The page is made from the loaded standard, so it shows what is judged, inherited values included, and not what a file happens to
say. Values are those the document states, with the days they hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from junheng.core.explain_node import PART_LABEL, STAGE_LABEL
from junheng.core.fields import FieldDictionary
from junheng.core.formula_catalogue import CATALOGUE, SHARE_UNIT, FormulaKind
from junheng.core.standard import Dated, Item, Parameter, Standard, SubItem
from junheng.core.standard_diff import exact
from junheng.core.worked_case import WorkedCase

_WEIGHED = {"primary": "小学生", "junior": "初中生", "senior": "高中生"}
_MODES = {"each": "逐项评判", "composite": "只评判综合值（各项平均）"}
_KINDS = {"quality_balance": "优质均衡", "basic_balance": "基本均衡"}
Table = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a standard with its title and introduction, as plain text. The first column holds ids when `has_ids`."""

    title: str
    head: Sequence[str]
    rows: Table
    intro: str = ""
    has_ids: bool = False


def standard_sections(
    standard: Standard, cases: Sequence[WorkedCase], dictionary: FieldDictionary
) -> tuple[Section, ...]:
    """All that a standard says, in sections; those that would be empty are left out.

    `cases` are the worked cases its own file holds; those of what it extends are with that one.
    """
    sections = (
        _scope(standard, dictionary),
        _indicators(standard),
        _resource_rules(standard),
        _items(standard),
        _scored(standard),
        _vetoes(standard),
        _exceptions(standard),
        _notes(standard),
        _cases(standard, cases, dictionary),
    )
    return tuple(section for section in sections if section is not None)


def standard_page(standard: Standard, cases: Sequence[WorkedCase], dictionary: FieldDictionary) -> str:
    """The page of one standard as Markdown, see `standard_sections`."""
    sections = standard_sections(standard, cases, dictionary)
    return "\n".join([_head(standard), *(_markdown(section, standard) for section in sections)])


def _markdown(section: Section, standard: Standard) -> str:
    intro = section.intro
    if standard.extends:
        intro = intro.replace(standard.extends, f"[{standard.extends}]({standard.extends}.md)")
    rows = [(f"`{row[0]}`", *row[1:]) for row in section.rows] if section.has_ids else section.rows
    return "\n".join([f"## {section.title}", "", *([intro, ""] if intro else []), *_table(section.head, rows), ""])


def index_page(standards: Iterable[Standard]) -> str:
    """The list of all standards, with a link to each page."""
    rows = [
        (f"[{entry.id}]({entry.id}.md)", entry.title, entry.place, entry.extends or "", entry.review_by.isoformat())
        for entry in standards
    ]
    intro = "# 标准\n\n每个标准都是数据：数值、条款、解释和算例。继承的标准只写不同之处，页面上列出合并后的全部内容。\n"
    return "\n".join([intro, *_table(("编号", "名称", "适用地", "继承自", "复核期限"), rows), ""])


def _table(head: Sequence[str], rows: Table) -> list[str]:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(_cell(text) for text in row) + " |" for row in rows]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _section(title: str, head: Sequence[str], rows: Table, intro: str = "", *, has_ids: bool = False) -> Section | None:
    return Section(title, head, rows, intro, has_ids) if rows else None


def _values(parameter: Parameter, unit: str = "") -> str:
    """Every dated row of a parameter, the way a reader says it; shares as percentages."""
    return "；".join(_value(row, unit) for row in parameter.rows)


def _value(row: Dated, unit: str) -> str:
    number = f"{exact(row.value * 100)}%" if unit == SHARE_UNIT else f"{exact(row.value)}{unit}"
    until = f"至 {row.until.isoformat()}" if row.until else ""
    return f"{number}（{row.since.isoformat()} 起{until}）{row.note}"


def _clauses(parameters: Iterable[Parameter], own: str) -> str:
    """The clause of the entry, then those of its values that rest on another one."""
    others = (row.clause for parameter in parameters for row in parameter.rows)
    return "；".join(dict.fromkeys((own, *others)))


def _head(standard: Standard) -> str:
    document = standard.document
    rows = [
        ("编号", f"`{standard.id}`，第 {standard.version} 版"),
        ("类别", _KINDS.get(standard.kind, standard.kind)),
        ("适用地", standard.place),
        ("依据", f"《{document.title}》{document.number}，{document.issuer}，{document.issued_on}"),
        ("继承自", f"[{standard.extends}]({standard.extends}.md)" if standard.extends else "—"),
        ("编写、校核", f"{standard.author}、{standard.checker}"),
        ("复核期限", standard.review_by.isoformat()),
        ("内容摘要（sha256）", f"`{standard.digest}`"),
    ]
    return "\n".join([f"# {standard.title}", "", *_table(("项", "内容"), rows), ""])


def _scope(standard: Standard, dictionary: FieldDictionary) -> Section | None:
    scope = standard.scope
    listed = {"school_type": scope.school_types, "ownership": scope.ownerships, "organiser_type": scope.organiser_types}
    rows = []
    for name, values in listed.items():
        field = dictionary.field("schools", name)
        rows.append((field.label, "、".join(field.choices.get(value, value) for value in values), scope.clauses[name]))
    if scope.teaching_point_minimum is not None:
        number, clause = _values(scope.teaching_point_minimum, "人"), scope.clauses["teaching_point_minimum"]
        rows.append(("教学点最少学生数", number, clause))
    types = dictionary.field("schools", "school_type").choices
    for school_type, weights in standard.sharing.weights.items():
        shares = " : ".join(f"{_WEIGHED[stage]} {exact(Fraction(weight, 100))}" for stage, weight in weights.items())
        rows.append((f"拆分：{types.get(school_type, school_type)}", shares, standard.sharing.clause))
    return _section("评估范围和资源拆分", ("项", "取值", "条款"), rows)


def _indicators(standard: Standard) -> Section | None:
    rows = []
    for entry in standard.indicators:
        limits = "；".join(
            f"{STAGE_LABEL[stage]} ≥ {_values(value, entry.unit)}" for stage, value in entry.thresholds.items()
        )
        formula = CATALOGUE[FormulaKind.RESOURCE][entry.formula].label
        per = "每百名学生" if entry.per_students == 100 else "每名学生"
        clause = _clauses(entry.thresholds.values(), entry.clause)
        rows.append((entry.number, entry.name, f"{formula}，{per}（{entry.unit}）", limits or "—", entry.note, clause))
    return _section("资源配置指标", ("序号", "指标", "算法", "界线", "说明", "条款"), rows)


def _resource_rules(standard: Standard) -> Section | None:
    rows = []
    rule, spread = standard.school_rule, standard.dispersion
    if rule is not None:
        rows.append(("每校至少达到的项数", _values(rule.required_met, "项"), rule.clause))
        rows.append(("余项不低于界线的", _values(rule.floor, SHARE_UNIT), rule.clause))
    if spread is not None:
        rows.append(("差异系数", _MODES[spread.mode.value], spread.clause))
        rows += [
            (f"{STAGE_LABEL[stage]}差异系数 ≤", _values(value), spread.clause) for stage, value in spread.limits.items()
        ]
    if standard.county_mean_clause:
        rows.append(("县均值", "每项都要达到同一界线", standard.county_mean_clause))
    return _section("学校和全县的评判", ("规则", "取值", "条款"), rows)


def _items(standard: Standard) -> Section | None:
    rows = [_item_row(entry) for entry in standard.items if not entry.sub_items]
    return _section("其他指标", ("部分", "序号", "指标", "怎样评判", "数值", "说明", "条款"), rows)


def _item_row(entry: Item) -> tuple[str, ...]:
    how = [CATALOGUE[FormulaKind.ITEM][entry.formula].label] if entry.formula else []
    how += ["资料审核"] if entry.needs_judgement else []
    numbers = _params(FormulaKind.ITEM, entry.formula, entry.params)
    clause = _clauses(entry.params.values(), entry.clause)
    return (PART_LABEL[entry.part], entry.number, entry.name, "；".join(how), numbers, entry.note, clause)


def _params(kind: FormulaKind, formula: str | None, params: Mapping[str, Parameter]) -> str:
    if formula is None:
        return ""
    specs = CATALOGUE[kind][formula].params
    return "；".join(f"{specs[name].label} {_values(value, specs[name].unit)}" for name, value in params.items())


def _scored(standard: Standard) -> Section | None:
    scoring = standard.scoring
    if scoring is None:
        return None
    rows = [
        (entry.number, entry.name, sub_item.name, exact(sub_item.points), _marks(sub_item), entry.clause)
        for entry in standard.items
        for sub_item in entry.sub_items
    ]
    bands = "、".join(f"{exact(low)} 分起{name}" for low, name in scoring.bands)
    intro = (
        f"单项得分不低于满分的 {_values(scoring.item_share, SHARE_UNIT)}；总分不低于 {_values(scoring.pass_total, '分')}；"
        f"等次：{bands}。条款：{scoring.clause}。"
    )
    return _section("计分指标", ("序号", "指标", "评分点", "满分", "怎样给分", "条款"), rows, intro)


def _marks(sub_item: SubItem) -> str:
    return "审核给分" if sub_item.formula is None else CATALOGUE[FormulaKind.SUB_ITEM][sub_item.formula].label


def _vetoes(standard: Standard) -> Section | None:
    rows = []
    for entry in standard.vetoes:
        how = "核查" if entry.formula is None else CATALOGUE[FormulaKind.VETO][entry.formula].label
        rows.append(
            (entry.number, entry.name, how, _params(FormulaKind.VETO, entry.formula, entry.params), entry.clause)
        )
    return _section("一票否决", ("序号", "情形", "怎样判断", "数值", "条款"), rows)


def _exceptions(standard: Standard) -> Section | None:
    names = {entry.id: entry.name for entry in standard.indicators} | {entry.id: entry.name for entry in standard.items}
    rows = []
    for entry in standard.exceptions:
        until = f"至 {entry.until.isoformat()}" if entry.until else "，未定止日"
        rows.append(
            (
                entry.id,
                entry.name,
                "、".join(names[name] for name in entry.applies_to),
                _params(FormulaKind.EFFECT, entry.effect, entry.params),
                f"{entry.since.isoformat()} 起{until}",
                entry.note,
                entry.clause,
            )
        )
    head = ("编号", "例外", "用于", "数值", "有效期", "说明", "条款")
    intro = "默认全部关闭，按编号打开；每一次使用都写进结论。"
    return _section("过渡性例外", head, rows, intro, has_ids=True)


def _notes(standard: Standard) -> Section | None:
    rows = [(note.id, "自定" if note.decided else "照录", note.text) for note in standard.notes]
    intro = "“自定”指来源没有写或互相矛盾，由本标准选定。"
    return _section("解释", ("编号", "性质", "内容"), rows, intro, has_ids=True)


# ----------------------------------------------------------------------------------------------------------------- cases


def _cases(standard: Standard, cases: Sequence[WorkedCase], dictionary: FieldDictionary) -> Section | None:
    names = _subject_names(standard)
    rows = [
        (
            names[case.subject],
            case.kind.label,
            case.name,
            _facts(case, dictionary),
            "打开" if case.exceptions else "",
            _expected(case),
        )
        for case in cases
    ]
    intro = "每条都由测试运行。事实只列与算例有关的；没有列出的一律为未填报。"
    if standard.extends:
        intro += f"没有改动的条目，算例见 {standard.extends}。"
    return _section("算例", ("对象", "位置", "情形", "事实", "例外", "结论"), rows, intro)


def _subject_names(standard: Standard) -> Mapping[str, str]:
    names = {entry.id: entry.name for entry in standard.indicators} | {entry.id: entry.name for entry in standard.items}
    names |= {sub_item.id: f"{item.name}：{sub_item.name}" for item in standard.items for sub_item in item.sub_items}
    names |= {entry.id: f"一票否决：{entry.name}" for entry in standard.vetoes}
    return names | {entry.id: f"例外：{entry.name}" for entry in standard.exceptions}


_NOT_SHOWN = {
    "school_id",
    "school_name",
    "organiser_type",
    "ownership",
    "county_code",
    "county_name",
    "year",
    "item_id",
    "assessor",
    "assessed_on",
    "class_name",
    "room_name",
}


def _facts(case: WorkedCase, dictionary: FieldDictionary) -> str:
    """The typed facts of a case, row by row, in the words of the field dictionary."""
    parts = []
    for table, rows in case.typed.items():
        fields = dictionary.tables[table].fields
        for row in rows:
            shown = []
            for name, text in row.items():
                if name not in _NOT_SHOWN:
                    field = fields[name]
                    unit = "" if field.unit == "%" else field.unit
                    words = {**field.choices, "true": "是", "false": "否"}
                    shown.append(f"{field.label} {words.get(text, text)}{unit}")
            parts += ["，".join(shown)] if shown else []
    return "；".join(parts)


def _expected(case: WorkedCase) -> str:
    stage = f"{STAGE_LABEL[case.stage]}：" if case.stage else ""
    if case.points is not None:
        return f"{stage}得 {exact(case.points)} 分"
    label = case.outcome.label if case.outcome is not None else ""
    return f"{stage}{label}" + (f"（{exact(case.value)}）" if case.value is not None else "")
