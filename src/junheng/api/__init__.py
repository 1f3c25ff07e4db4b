"""The one door: everything the command line, the web pages and analysts ask of Junheng.

    from junheng import api
    evaluation = api.evaluate(["county.xlsx"], standard="cn-2017-quality-balance")
    print(evaluation.verdict.outcome.label)

Heavy parts (Polars, document writers) load inside the functions that need them. Data problems come back as findings; a file
or option that cannot be used raises `junheng.core.errors.InputError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng.core.errors import InputError
from junheng.core.findings import Finding, Level, has_errors

if TYPE_CHECKING:
    from fractions import Fraction

    from junheng.core.compare import Comparison
    from junheng.core.explain_node import Node
    from junheng.core.facts import Facts
    from junheng.core.fields import Field
    from junheng.core.gaps import Gaps
    from junheng.core.standard import Standard
    from junheng.core.standard_diff import Difference
    from junheng.core.verdict import Verdict
    from junheng.planning.forecast import Assumptions
    from junheng.planning.forecast import Outlook as Outlook
    from junheng.planning.forecast import Risk as Risk
    from junheng.readers.cells import Parsed
    from junheng.readers.roster import Roster
    from junheng.reports.bundle_content import Bundle
    from junheng.reports.standard_pages import Section

Progress = Callable[[str, int, int], None]
DEFAULT_STANDARD = "cn-2017-quality-balance"
DOCUMENT_KINDS = ("verdict", "forms", "gaps", "report", "school_plans")


@dataclass(frozen=True)
class Checked:
    """What reading and checking gives: the facts (None when nothing could be read) and all findings, in file order."""

    facts: Facts | None
    findings: tuple[Finding, ...]

    @property
    def is_usable(self) -> bool:
        """True when there are facts and nothing blocks."""
        return self.facts is not None and not has_errors(list(self.findings))


@dataclass(frozen=True)
class Evaluation:
    """A verdict with all it was made from. `is_trial`: the facts hold findings that block, so it must not be submitted."""

    facts: Facts
    standard: Standard
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    is_trial: bool = False


@dataclass(frozen=True)
class Overview:
    """What pages show of an evaluation, as plain JSON data: for lists, for the page of a county, and per school stage."""

    figures: dict[str, Any]
    summary: dict[str, Any]
    schools: list[dict[str, Any]]


@dataclass(frozen=True)
class Packed:
    """An evaluation as canonical JSON bytes."""

    facts: bytes
    standard: bytes
    verdict: bytes
    findings: bytes
    is_trial: bool


class BlockedByFindingsError(InputError):
    """The facts hold blocking findings; `findings` lists all of them. Exit code 3."""

    exit_code = 3

    def __init__(self, findings: Sequence[Finding], *, can_be_tried: bool = True) -> None:
        errors = sum(finding.level is Level.ERROR for finding in findings)
        hint = ";只想看个大概,可加 --trial 试算" if can_be_tried else ""
        super().__init__(f"数据有{errors}处错误,改正后才能评估{hint}。")
        self.findings = tuple(findings)


def read(paths: Sequence[str | Path], *, year: int | None = None) -> Checked:
    """Reads facts as `check` does and says only what the reader found; nothing is checked yet."""
    from junheng.readers.dictionary import load_dictionary
    from junheng.readers.facts import read_facts

    found = read_facts([Path(path) for path in paths], load_dictionary(), year=year)
    return Checked(found.facts, tuple(found.findings))


def parse_value(entry: Field, typed: str) -> Parsed:
    """What a person typed for a field, as the canonical value that the same text in a workbook's cell would give.

    Full-width digits, thousands separators, percent signs and the words for yes and no are understood; a blank is missing.
    A problem says in Chinese why the text cannot be taken as it stands.
    """
    from junheng.readers.columns import cell_parser

    return cell_parser(entry, entry.scale)(typed)


def check(
    paths: Sequence[str | Path],
    *,
    year: int | None = None,
    previous: Sequence[str | Path] = (),
    reasons: Mapping[str, str] | None = None,
) -> Checked:
    """Reads facts from workbooks, CSV folders or Parquet folders and checks them.

    `year` is needed only when the files do not say it; `previous` are last year's files, for comparisons over time (a warning
    when they are another county's or year's, or cannot be read); `reasons` maps a finding's reference to a written reason, which
    turns that warning into an info. InputError when a path does not exist.
    """
    from junheng.readers.dictionary import load_dictionary
    from junheng.readers.facts import read_facts, read_previous

    dictionary = load_dictionary()
    read = read_facts([Path(path) for path in paths], dictionary, year=year)
    if read.facts is None:
        return Checked(None, tuple(_with_reasons(read.findings, reasons or {})))
    if not previous:
        return check_facts(read.facts, findings=read.findings, reasons=reasons)
    earlier = read_previous([Path(path) for path in previous], dictionary, read.facts)
    return check_facts(
        read.facts, previous=earlier.facts, findings=[*read.findings, *earlier.findings], reasons=reasons
    )


def check_facts(
    facts: Facts,
    *,
    previous: Facts | None = None,
    findings: Sequence[Finding] = (),
    reasons: Mapping[str, str] | None = None,
) -> Checked:
    """Checks facts that are read already; `findings` are those of reading them, which come first."""
    from junheng.core.checks import check_facts as checks
    from junheng.readers.dictionary import load_dictionary

    found = [*findings, *checks(facts, load_dictionary(), previous)]
    return Checked(facts, tuple(_with_reasons(found, reasons or {})))


def _with_reasons(findings: Iterable[Finding], reasons: Mapping[str, str]) -> Iterable[Finding]:
    for finding in findings:
        reason = reasons.get(finding.reference, "").strip() if finding.level is Level.WARNING else ""
        if reason:
            text = f"{finding.message}（已说明:{reason}）"
            yield Finding(Level.INFO, finding.code, text, finding.hint, finding.location, finding.reference)
        else:
            yield finding


def evaluate(
    source: Facts | Checked | Sequence[str | Path],
    standard: str | Path | Standard = DEFAULT_STANDARD,
    *,
    on: date | None = None,
    exceptions: Iterable[str] = (),
    is_trial: bool = False,
) -> Evaluation:
    """Judges a county from facts, from what `check` gave, or from files.

    `standard` is a pack id, the path of a standard file, or a Standard; `on` selects dated values (default: the last day of
    the facts' year); `exceptions` switches on transitional exceptions by id. Blocking findings raise BlockedByFindingsError
    unless `is_trial`; facts given directly are judged as they are.
    """
    from junheng.core.judge import judge
    from junheng.readers.dictionary import load_dictionary

    checked = _checked(source)
    if checked.facts is None or not (checked.is_usable or is_trial):
        raise BlockedByFindingsError(checked.findings, can_be_tried=checked.facts is not None)
    chosen = standard_of(standard)
    verdict = judge(checked.facts, chosen, load_dictionary(), on=on, enabled=frozenset(exceptions))
    return Evaluation(checked.facts, chosen, verdict, checked.findings, is_trial=not checked.is_usable)


def _checked(source: Facts | Checked | Sequence[str | Path]) -> Checked:
    from junheng.core.facts import Facts

    if isinstance(source, Checked):
        return source
    return Checked(source, ()) if isinstance(source, Facts) else check(source)


def explain(evaluation: Evaluation, path: str = "") -> Node:
    """Why: the tree below `path`, down to cells and clauses.

    Paths: `""` the county, `school:<id>[:<stage>[:<indicator>]]`, `dispersion:<indicator>:<stage>`, `item:<id>`, `veto:<id>`,
    `part:<part>`. InputError for a path that leads nowhere.
    """
    from junheng.core.explain import Explainer
    from junheng.readers.dictionary import load_dictionary

    explainer = Explainer.of(evaluation.verdict, evaluation.facts, evaluation.standard, load_dictionary())
    return explainer.explain(path)


def gaps(evaluation: Evaluation, prices: Mapping[str, Fraction] | None = None) -> Gaps:
    """What is missing per school stage and indicator in natural units, what each school must add, and who moves each coefficient.

    What a stage lacks by itself and what its school must add for it differ where resources are shared: see `IndicatorGap`.
    `needs` and `totals` count what two stages of one school share once. `prices` maps indicator ids to 元 per unit of the
    indicator; without them no cost is given.
    """
    from junheng.core.gaps import find_gaps

    return find_gaps(evaluation.verdict, _rules(evaluation), prices)


def forecast(
    years: Sequence[Facts] | Sequence[str | Path],
    to_year: int,
    *,
    standard: str | Path | Standard = DEFAULT_STANDARD,
    assumptions: str | Path | Assumptions | None = None,
    simulations: int = 2000,
    seed: int = 20260101,
) -> Outlook:
    """Pupils by school, stage and grade up to `to_year`, and which school will break which rule of the standard, how likely.

    `years` are the facts of several years, or files: each path holds one year or a part of it. `assumptions` (a JSON file, see
    `junheng.readers.assumptions`, or the file of a scenario) add births, planned changes and teachers' ages. What cannot be told
    is a finding of the outlook, those of reading the files included. InputError for files or years that allow no forecast.
    """
    from dataclasses import replace

    from junheng.core.facts import Facts
    from junheng.planning.forecast import Assumptions, Options, look_ahead
    from junheng.readers.assumptions import read_assumptions

    facts = [entry for entry in years if isinstance(entry, Facts)]
    findings: tuple[Finding, ...] = ()
    if not facts:
        facts, findings = read_years([str(entry) for entry in years])
    if not isinstance(assumptions, Assumptions):
        assumptions = Assumptions() if assumptions is None else read_assumptions(Path(assumptions))
    options = Options(to_year, simulations=simulations, seed=seed)
    outlook = look_ahead(facts, standard_of(standard), options, assumptions)
    return replace(outlook, findings=(*findings, *outlook.findings))


def read_years(files: Sequence[str | Path]) -> tuple[list[Facts], tuple[Finding, ...]]:
    """The facts of each year that the files hold, oldest first, and what reading them found; files of one year are read together.

    InputError when a file does not exist or holds no year.
    """
    paths = [Path(entry) for entry in files]
    found: dict[int, list[Path]] = {}
    single: dict[int, Checked] = {}
    for path in paths:
        checked = read([path])
        if checked.facts is None:
            reasons = "".join(entry.message for entry in checked.findings[:1])
            raise InputError(f"“{path}”读不出一个年度的数据:{reasons}请用采集表,每个年度一份。")
        single[checked.facts.year] = checked
        found.setdefault(checked.facts.year, []).append(path)
    whole = [single[year] if len(of_year) == 1 else read(of_year) for year, of_year in sorted(found.items())]
    facts = [entry.facts for entry in whole if entry.facts is not None]
    return facts, tuple(finding for entry in whole for finding in entry.findings)


def write_forecast(outlook: Outlook, folder: str | Path, *, quantiles: Sequence[float] = (0.1, 0.9)) -> Path:
    """Writes 学生数预测.xlsx into a folder (made when missing) and gives its path. InputError when it cannot be written."""
    from junheng.reports.forecast_workbook import forecast_workbook

    target = Path(folder)
    _require_folder(target)
    content = forecast_workbook(outlook, quantiles)
    path = target / "学生数预测.xlsx"
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"写不了“{path}”:{error.strerror}。如果文件正打开着,请关闭后再试。") from error
    return path


def forecast_data(outlook: Outlook, quantiles: Sequence[float] = (0.1, 0.9)) -> dict[str, Any]:
    """An outlook as plain JSON data: county, schools by stage and year, risks, back-test, teachers, findings."""
    from junheng.reports.forecast_data import forecast_data as data

    return data(outlook, quantiles)


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """Who flips between two evaluations (two standards, or two years) and why."""
    from junheng.core.compare import compare as compare_verdicts

    indicators = (*before.standard.indicators, *after.standard.indicators)
    return compare_verdicts(before.verdict, after.verdict, {entry.id: entry.short_name for entry in indicators})


def standards() -> tuple[Standard, ...]:
    """All standards that ship with Junheng, ready to use."""
    from junheng.readers.standards import list_standards, load_standard

    return tuple(load_standard(name) for name in list_standards())


def standard_of(standard: str | Path | Standard) -> Standard:
    """The standard for a pack id or the path of a standard file. StandardError when it is unknown or not valid."""
    from junheng.core.standard import Standard
    from junheng.readers.standards import load_standard

    return standard if isinstance(standard, Standard) else load_standard(standard)


def standard_sections(standard: str) -> tuple[Section, ...]:
    """A standard as people read it, in sections of tables: numbers with units and clauses, notes, worked cases.

    `standard` is a pack id. StandardError when it is unknown.
    """
    from junheng.readers.dictionary import load_dictionary
    from junheng.readers.standard_cases import load_cases
    from junheng.reports.standard_pages import standard_sections as sections

    return sections(standard_of(standard), load_cases(standard), load_dictionary())


def diff_standards(before: str | Path, after: str | Path, *, on: date) -> tuple[Difference, ...]:
    """What differs between two standards on a day: values, clauses, items added and removed."""
    from junheng.core.standard_diff import diff_standards as diff
    from junheng.readers.dictionary import load_dictionary

    tables = load_dictionary().tables.values()
    words = {key: label for table in tables for field in table.fields.values() for key, label in field.choices.items()}
    return diff(standard_of(before), standard_of(after), on, words)


def write_template(path: str | Path, facts: Facts | None = None) -> Path:
    """Writes the Excel workbook for collecting facts; with `facts` it is filled in. Gives the path back.

    A file that is there is replaced in one step. InputError when it cannot be written.
    """
    from junheng.readers.dictionary import load_dictionary
    from junheng.reports.template import write_template as write

    target = Path(path)
    _require_folder(target.parent)
    write(load_dictionary(), target, facts=facts)
    return target


def write_documents(
    evaluation: Evaluation,
    folder: str | Path,
    *,
    kinds: Sequence[str] = DOCUMENT_KINDS,
    prices: Mapping[str, Fraction] | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Writes the documents of an evaluation into a folder (made when missing) and gives their paths.

    `kinds` chooses among `DOCUMENT_KINDS`; `progress(label, done, total)` is called before each document. The same
    evaluation gives the same bytes. InputError for an unknown kind or a folder that cannot be used.
    """
    from junheng.reports.bundle import write_bundle

    unknown = [kind for kind in kinds if kind not in DOCUMENT_KINDS]
    if unknown:
        raise InputError(f"没有这种文档:{'、'.join(unknown)}。可选:{'、'.join(DOCUMENT_KINDS)}。")
    target = Path(folder)
    _require_folder(target)
    bundle = _bundle(evaluation, prices)
    return write_bundle(bundle, target, kinds=tuple(kinds), progress=progress or _no_progress)


def overview(evaluation: Evaluation) -> Overview:
    """Everything that a dashboard shows of an evaluation, as plain JSON data (see `junheng.reports.overview`)."""
    from junheng.reports import overview as made

    bundle = _bundle(evaluation)
    return Overview(made.figures(bundle), made.overview(bundle), made.school_entries(bundle))


def school_plan(evaluation: Evaluation, school_id: str) -> tuple[str, bytes]:
    """The name and the bytes of one school's plan (一校一案, docx). InputError when the school has nothing to put right."""
    from junheng.reports.docx_document import render_docx
    from junheng.reports.school_plan import plan_files
    from junheng.reports.school_plan import school_plan as plan

    bundle = _bundle(evaluation)
    name = plan_files(bundle).get(school_id)
    if name is None:
        raise InputError(f"学校 {school_id} 没有需要整改的问题,不生成一校一案。")
    return name, render_docx(plan(bundle, school_id))


def read_roster(path: str | Path) -> Roster:
    """The schools listed in a workbook or text table, and findings by cell; see `junheng.readers.roster`."""
    from junheng.readers.roster import read_roster as read

    return read(Path(path))


def school_types() -> dict[str, str]:
    """Each school type of the field dictionary → its Chinese label."""
    from junheng.readers.roster import school_types as types

    return types()


def roster_columns() -> dict[str, str]:
    """The columns of a roster of schools → their titles in the template."""
    from junheng.readers.roster import ROSTER_COLUMNS

    return dict(ROSTER_COLUMNS)


def plain_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str | int | float | None]]) -> bytes:
    """A list as the bytes of an xlsx file of one sheet; text never becomes a formula. See `junheng.reports.plain_table`."""
    from junheng.reports.plain_table import plain_table as made

    return made(title, heads, rows)


def school_plan_names(evaluation: Evaluation) -> dict[str, str]:
    """The file name of the plan (一校一案) of each school that has one, by school id."""
    from junheng.reports.school_plan import plan_files

    return dict(plan_files(_bundle(evaluation)))


def pack(evaluation: Evaluation) -> Packed:
    """An evaluation as canonical JSON, part by part, for keeping. `unpack` gives the same evaluation back.

    The SHA-256 of `verdict` is the verdict's digest.
    """
    from junheng.core.digest import canonical_json
    from junheng.core.packing import facts_bytes, verdict_bytes
    from junheng.readers.dictionary import load_dictionary

    return Packed(
        facts=facts_bytes(evaluation.facts, load_dictionary()),
        standard=canonical_json(evaluation.standard),
        verdict=verdict_bytes(evaluation.verdict),
        findings=canonical_json(evaluation.findings),
        is_trial=evaluation.is_trial,
    )


def unpack(packed: Packed) -> Evaluation:
    """The evaluation that `pack` took apart; nothing is judged again. EngineError when a part is damaged."""
    from junheng.core.packing import facts_of, findings_of, standard_of_bytes, verdict_of
    from junheng.readers.dictionary import load_dictionary

    return Evaluation(
        facts=facts_of(packed.facts, load_dictionary()),
        standard=standard_of_bytes(packed.standard),
        verdict=verdict_of(packed.verdict),
        findings=findings_of(packed.findings),
        is_trial=packed.is_trial,
    )


def judge_frames(
    schools: Any,
    stages: Any,
    standard: str | Path | Standard = DEFAULT_STANDARD,
    *,
    on: date,
    classes: Any | None = None,
    exceptions: Iterable[str] = (),
    engine: str | None = None,
) -> tuple[Any, Any]:
    """Judges the resource part of many counties and years on native frames; gives `(rows, stages)` of the same kind.

    Frames are anything Narwhals takes (pandas, Polars, Arrow, DuckDB relation, Spark) with the dictionary's field ids as
    columns, in canonical integers (areas in 0.01 ㎡, money in 分, shares in 0.01 %, see docs/fields.md), plus `county_code` and
    `year`; `classes` hold the keys, `stage` and `student_count`. `rows` has one row per school stage, `stages` one per county,
    year and stage (columns: `junheng.core.nation.NationResult`); flags are 1 (met), 0 (not met) and null (cannot tell).
    `engine` (`polars`, `duckdb`, `spark`) moves the frames to that engine first. InputError for numbers with fractions, values of
    another kind and unknown stages (`junheng.readers.frames.wrap`).
    """
    from junheng.core.nation import judge_nation
    from junheng.core.stages import Rules
    from junheng.readers.frames import unwrap, wrap

    rules = Rules.resolve(standard_of(standard), on, frozenset(exceptions))
    (school_frame, kind), (stage_frame, _) = wrap(schools, engine), wrap(stages, engine)
    class_frame = None if classes is None else wrap(classes, engine)[0]
    result = judge_nation(school_frame, stage_frame, rules, class_frame)
    return unwrap(result.rows, kind), unwrap(result.stages, kind)


def demo_county() -> tuple[Facts, tuple[Facts, ...]]:
    """The fictional demo county: this year's facts and those of past years, oldest first."""
    from junheng.demo.county import build_demo_county

    county = build_demo_county()
    return county.facts, county.history


def verdict_json(evaluation: Evaluation) -> str:
    """The verdict as indented JSON, ending with a newline; numbers are exact (`"n/d"` where they are not whole). A trial says so
    first (`is_trial`)."""
    from junheng.reports.verdict_text import verdict_text

    return verdict_text(evaluation.verdict, is_trial=evaluation.is_trial)


def _bundle(evaluation: Evaluation, prices: Mapping[str, Fraction] | None = None) -> Bundle:
    from junheng.readers.dictionary import load_dictionary
    from junheng.reports.bundle_content import Bundle

    return Bundle(
        verdict=evaluation.verdict,
        facts=evaluation.facts,
        rules=_rules(evaluation),
        dictionary=load_dictionary(),
        gaps=gaps(evaluation, prices),
        is_trial=evaluation.is_trial,
    )


def _rules(evaluation: Evaluation) -> Any:
    from junheng.core.stages import Rules

    verdict = evaluation.verdict
    return Rules.resolve(evaluation.standard, verdict.judged_on, frozenset(verdict.exceptions_enabled))


def _require_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"不能使用文件夹“{folder}”:{error.strerror}。请换一个位置。") from error


def _no_progress(label: str, done: int, total: int) -> None:
    """Says nothing."""
