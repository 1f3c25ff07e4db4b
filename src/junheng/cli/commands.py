"""All commands and their options. Each one parses, calls `junheng.api` once, and prints."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from junheng import __version__
from junheng.cli import planning, platform
from junheng.cli.options import ForceOption, json_object, unless_there
from junheng.core.errors import InputError

if TYPE_CHECKING:
    from fractions import Fraction

app = typer.Typer(
    name="junheng",
    help="均衡:县域义务教育优质均衡发展的采集、校验、判定与成文。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
standards_app = typer.Typer(help="查看内置标准:列表、全文、差异。", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(standards_app, name="standards")

Files = Annotated[list[Path], typer.Argument(help="采集工作簿（.xlsx/.xls）、CSV 文件夹或 Parquet 文件夹,可给多个。")]
StandardOption = Annotated[str, typer.Option("--standard", "-s", help="标准编号,或自己的标准文件路径。")]
YearOption = Annotated[int | None, typer.Option("--year", help="数据年度;文件里没有写时才需要。")]
PreviousOption = Annotated[list[Path] | None, typer.Option("--previous", help="上一年度的文件,用来核对年度变化。")]
ReasonsOption = Annotated[Path | None, typer.Option("--reasons", help="书面说明文件（JSON:提示编号 → 说明）。")]
OnOption = Annotated[str | None, typer.Option("--on", help="按哪一天有效的数值判定,如 2025-12-31;默认为数据年度末。")]
ExceptionOption = Annotated[list[str] | None, typer.Option("--exception", help="启用一项过渡例外（编号）,可重复。")]
TrialOption = Annotated[bool, typer.Option("--trial", help="数据有错误也试算;结果标明“试算”,不能上报。")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON,供程序使用。")]


def _tell_version(value: bool) -> None:
    if value:
        typer.echo(f"junheng {__version__}")
        raise typer.Exit


@app.callback()
def every_command(
    _version: Annotated[
        bool, typer.Option("--version", help="显示版本号,然后结束。", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """均衡:县域义务教育优质均衡发展的采集、校验、判定与成文。"""


@app.command()
def template(
    path: Annotated[Path, typer.Argument(help="要写的文件,如 采集表.xlsx。")] = Path("采集表.xlsx"),
    demo: Annotated[bool, typer.Option("--demo", help="填入虚构示例县的数据。")] = False,
    force: ForceOption = False,
) -> None:
    """生成采集工作簿（Excel）。"""
    from junheng import api

    written = api.write_template(unless_there(path, is_forced=force), api.demo_county()[0] if demo else None)
    typer.echo(f"已生成 {written}")


@app.command()
def check(
    files: Files,
    year: YearOption = None,
    previous: PreviousOption = None,
    reasons: ReasonsOption = None,
    as_json: JsonOption = False,
) -> None:
    """校验数据:列出全部问题,指明文件、工作表和单元格。有错误时退出码为 3。"""
    from junheng import api
    from junheng.cli import printing

    checked = api.check(files, year=year, previous=previous or [], reasons=_reasons(reasons))
    if as_json:
        printing.print_json([finding.as_dict() for finding in checked.findings])
    else:
        printing.print_findings(checked.findings)
    if not checked.is_usable:
        raise typer.Exit(3)


@app.command()
def evaluate(
    files: Files,
    standard: StandardOption = "cn-2017-quality-balance",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="文档写到这个文件夹;不给则只打印结论。")] = None,
    documents: Annotated[
        bool, typer.Option("--documents/--no-documents", help="是否生成文档（给了 --out 时默认生成）。")
    ] = True,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kind", help="只生成这些文档:verdict、forms、gaps、report、school_plans;可重复。"),
    ] = None,
    prices: Annotated[Path | None, typer.Option("--prices", help="单价文件（JSON:指标编号 → 每单位多少元）。")] = None,
    on: OnOption = None,
    exception: ExceptionOption = None,
    trial: TrialOption = False,
    year: YearOption = None,
    previous: PreviousOption = None,
    reasons: ReasonsOption = None,
    as_json: JsonOption = False,
) -> None:
    """判定一个县:打印结论,生成申报表、差距清单、自评报告和一校一案。"""
    from junheng import api
    from junheng.cli import printing

    if kinds and out is None:
        raise InputError("--kind 选择要写的文档,请同时用 --out 给出写到哪个文件夹。")
    checked = api.check(files, year=year, previous=previous or [], reasons=_reasons(reasons))
    with printing.blocked_findings():
        evaluation = api.evaluate(checked, standard, on=_day(on), exceptions=exception or [], is_trial=trial)
    if as_json:
        typer.echo(api.verdict_json(evaluation), nl=False)
    else:
        printing.print_verdict(evaluation, api.gaps(evaluation))
    if out is not None and documents:
        with printing.progress_bar(is_quiet=as_json) as progress:
            written = api.write_documents(
                evaluation, out, kinds=kinds or api.DOCUMENT_KINDS, prices=_prices(prices), progress=progress
            )
        if not as_json:
            printing.print_paths(written)


@app.command()
def explain(
    files: Files,
    at: Annotated[
        str, typer.Option("--at", help="看哪里,如 school:3301:primary、dispersion:指标:junior、item:编号。")
    ] = "",
    standard: StandardOption = "cn-2017-quality-balance",
    depth: Annotated[int | None, typer.Option("--depth", help="最多展开几层。")] = None,
    on: OnOption = None,
    exception: ExceptionOption = None,
    as_json: JsonOption = False,
) -> None:
    """说明为什么:从结论一直追到单元格和条款（数据有错误也按试算说明）。"""
    from junheng import api
    from junheng.cli import printing

    with printing.blocked_findings():
        evaluation = api.evaluate(api.check(files), standard, on=_day(on), exceptions=exception or [], is_trial=True)
    node = api.explain(evaluation, at)
    if as_json:
        printing.print_json(node)
    else:
        printing.print_explanation(node, depth)


@app.command()
def gaps(
    files: Files,
    standard: StandardOption = "cn-2017-quality-balance",
    prices: Annotated[Path | None, typer.Option("--prices", help="单价文件（JSON:指标编号 → 每单位多少元）。")] = None,
    on: OnOption = None,
    exception: ExceptionOption = None,
    as_json: JsonOption = False,
) -> None:
    """差距清单:每所学校缺多少教师、面积、设备和教室,哪些学校最影响差异系数。"""
    from junheng import api
    from junheng.cli import printing

    with printing.blocked_findings():
        evaluation = api.evaluate(api.check(files), standard, on=_day(on), exceptions=exception or [], is_trial=True)
    found = api.gaps(evaluation, _prices(prices))
    if as_json:
        printing.print_json(found)
    else:
        printing.print_gaps(evaluation, found)


@app.command()
def forecast(
    files: Annotated[
        list[Path], typer.Argument(help="历年采集表,每个年度一份（或几份）,至少相邻两年,年度从文件读出。")
    ],
    to_year: Annotated[int, typer.Option("--to-year", help="预测到哪一年,如 2029。")],
    standard: StandardOption = "cn-2017-quality-balance",
    quantile: Annotated[
        list[float] | None,
        typer.Option("--quantile", help="另列出的分位数,如 0.9（九成模拟不超过）;可重复,默认 0.1、0.9。"),
    ] = None,
    assumptions: Annotated[
        Path | None,
        typer.Option(
            "--assumptions",
            help="预测条件:适龄人口、撤并新建、学区调整、住宅项目、教师年龄;JSON 文件,或 plan 的方案条件文件（.xlsx、.yaml）。",
        ),
    ] = None,
    least: Annotated[float, typer.Option("--least", help="只列出可能性不低于此数的风险（0 至 1）。")] = 0.1,
    simulations: Annotated[int, typer.Option("--simulations", help="模拟次数（偶数）。")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="随机种子;同样的数据和种子得到同样的结果。")] = 20260101,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="把学生数预测.xlsx 写到这个文件夹。")] = None,
    as_json: JsonOption = False,
) -> None:
    """预测学生数:逐校、逐学段、逐年级,给出区间,并说明哪所学校哪一年有多大可能突破哪项规定。"""
    from junheng import api
    from junheng.cli import printing

    quantiles = quantile or [0.1, 0.9]
    outlook = api.forecast(
        files, to_year, standard=standard, assumptions=assumptions, simulations=simulations, seed=seed
    )
    if as_json:
        printing.print_json(api.forecast_data(outlook, quantiles))
    else:
        printing.print_forecast(outlook, quantiles, least)
    if out is not None:
        written = api.write_forecast(outlook, out, quantiles=quantiles)
        if not as_json:
            printing.print_paths([written])


@app.command()
def compare(
    files: Files,
    standards: Annotated[
        list[str] | None,
        typer.Option("--standard", "-s", help="用两个标准比较:给两次。只给一次则与 --with 的数据比较。"),
    ] = None,
    other: Annotated[list[Path] | None, typer.Option("--with", help="另一年度的文件（作为后者）。")] = None,
    as_json: JsonOption = False,
) -> None:
    """比较两个标准或两个年度:谁的结论变了,为什么。"""
    from junheng import api
    from junheng.cli import printing

    chosen = list(standards or [api.DEFAULT_STANDARD])
    if len(chosen) + bool(other) != 2:
        raise InputError("请给两个 --standard（同一数据），或一个 --standard 加 --with（两个年度）。")
    with printing.blocked_findings():
        before = api.evaluate(api.check(files), chosen[0], is_trial=True)
        after = api.evaluate(api.check(other) if other else before.facts, chosen[-1], is_trial=True)
    found = api.compare(before, after)
    if as_json:
        printing.print_json(found)
    else:
        printing.print_comparison(found)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="文档写到这个文件夹。")] = Path("out"),
    standard: StandardOption = "cn-2017-quality-balance",
) -> None:
    """用虚构的示例县走一遍:采集表 → 校验 → 判定 → 文档。"""
    from junheng import api
    from junheng.cli import printing

    facts, history = api.demo_county()
    workbook = api.write_template(out / "示例县采集表.xlsx", facts)
    previous = api.write_template(out / "示例县采集表-上年.xlsx", history[-1])
    typer.echo(f"① 采集表:{workbook}")
    checked = api.check([workbook], previous=[previous])
    typer.echo(f"② 校验:{printing.findings_summary(checked.findings)}")
    evaluation = api.evaluate(checked, standard, is_trial=True)
    typer.echo("③ 判定:")
    printing.print_verdict(evaluation, api.gaps(evaluation))
    typer.echo("④ 文档:")
    with printing.progress_bar() as progress:
        written = api.write_documents(evaluation, out, progress=progress)
    printing.print_paths(written)


@standards_app.command("list")
def list_standards(as_json: JsonOption = False) -> None:
    """列出内置标准。"""
    from junheng import api
    from junheng.cli import printing

    if as_json:
        printing.print_json(
            [{"id": entry.id, "title": entry.title, "version": entry.version} for entry in api.standards()]
        )
    else:
        printing.print_standards(api.standards())


@standards_app.command("show")
def show_standard(
    standard: Annotated[str, typer.Argument(help="标准编号或文件路径。")],
    on: OnOption = None,
    as_json: JsonOption = False,
) -> None:
    """显示一个标准:指标、数值、条款、例外和解释。"""
    from junheng import api
    from junheng.cli import printing

    if as_json:
        printing.print_json(api.standard_of(standard))
    else:
        printing.print_standard(api.standard_of(standard), _day(on) or date.today())  # noqa: DTZ011 - a local calendar day


@standards_app.command("diff")
def diff_standards(
    before: Annotated[str, typer.Argument(help="标准甲。")],
    after: Annotated[str, typer.Argument(help="标准乙。")],
    on: OnOption = None,
    as_json: JsonOption = False,
) -> None:
    """比较两个标准的条文和数值。"""
    from junheng import api
    from junheng.cli import printing

    found = api.diff_standards(before, after, on=_day(on) or date.today())  # noqa: DTZ011 - a local calendar day
    if as_json:
        printing.print_json(found)
    else:
        printing.print_differences(found)


planning.register(app)
platform.register(app)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"日期“{text}”写法不对,应写成 2025-12-31。") from None


def _reasons(path: Path | None) -> dict[str, str]:
    return {str(key): str(value) for key, value in json_object(path, "书面说明文件").items()} if path else {}


def _prices(path: Path | None) -> "dict[str, Fraction] | None":
    from fractions import Fraction

    if path is None:
        return None
    data = json_object(path, "单价文件")
    try:
        prices = {str(key): Fraction(str(value)) for key, value in data.items()}
    except ValueError as error:
        raise InputError(f"单价文件“{path}”里有不是数字的单价:{error}。") from None
    negative = [key for key, value in prices.items() if value < 0]
    if negative:
        raise InputError(f"单价文件“{path}”里有负数:{'、'.join(negative)}。")
    return prices
