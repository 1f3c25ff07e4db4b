"""Generated pages are up to date, and every command and option is on its page."""

from pathlib import Path
from typing import Annotated

import pytest
import typer

from scripts.docs_build import __main__ as command
from scripts.docs_build import cli_reference, pages, standard_pages
from tests.standards.small import SMALL

ROOT = Path(__file__).resolve().parents[2]

sample = typer.Typer(help="A sample.")


@sample.command()
def judge(
    files: Annotated[list[Path], typer.Argument(help="要读的文件")],
    out: Annotated[Path, typer.Option("--out", "-o", help="写到 | 哪里")] = Path("out"),
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="之后打开网页")] = True,
) -> None:
    """Judge a county."""


@sample.command()
def mute(level: Annotated[str, typer.Option("--level")] = "error") -> None: ...


def page(_root: Path) -> dict[str, str]:
    return {"docs/a.md": "# A\n\n"}


def test_pages_when_this_repository_is_built_then_none_is_stale() -> None:
    assert pages.stale() == []
    assert command.main(["--check"]) == 0


def test_pages_when_they_are_written_then_they_are_fresh_until_one_changes(tmp_path: Path) -> None:
    assert pages.stale(tmp_path, [page]) == ["docs/a.md is missing"]
    assert pages.write(tmp_path, [page]) == ["docs/a.md"]
    assert pages.stale(tmp_path, [page]) == []
    assert pages.write(tmp_path, [page]) == []

    (tmp_path / "docs" / "a.md").write_text("by hand", encoding="utf-8")

    assert pages.stale(tmp_path, [page]) == ["docs/a.md is outdated"]


def test_pages_when_no_builder_makes_one_any_more_then_it_is_left_over(tmp_path: Path) -> None:
    pages.write(tmp_path, [page])
    (tmp_path / "docs" / "by-hand.md").write_text("# mine\n", encoding="utf-8")

    assert pages.stale(tmp_path, []) == ["docs/a.md is generated, but no builder makes it any more"]


def test_pages_when_two_builders_write_the_same_then_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two builders"):
        pages.generate(tmp_path, [page, page])


def test_command_line_when_its_page_is_read_then_every_option_is_there() -> None:
    problems = []
    if cli_reference.has_cli():
        text = (ROOT / cli_reference.PAGE).read_text(encoding="utf-8")
        problems = cli_reference.undocumented(cli_reference.application(), text)

    assert problems == []


def test_cli_page_when_it_is_rendered_then_arguments_options_and_defaults_are_there() -> None:
    text = cli_reference.render(typer.main.get_command(sample))

    assert "## junheng judge\n\nJudge a county." in text
    assert "| `FILES…` | 要读的文件 | 必填 |" in text
    assert "| `--out/-o` | 写到 \\| 哪里 | `out` |" in text
    assert "| `--serve/--no-serve` | 之后打开网页 |  |" in text


def test_undocumented_when_help_or_an_option_is_missing_then_it_is_named() -> None:
    root = typer.main.get_command(sample)
    text = cli_reference.render(root).replace("| `--out/-o` |", "| |")

    found = [problem for problem in cli_reference.undocumented(root, text) if "completion" not in problem]

    assert found == [
        "junheng judge --out/-o is not in docs/cli.md",
        "junheng mute has no help",
        "junheng mute --level has no help",
    ]


def test_standard_page_when_a_pack_is_there_then_its_numbers_and_cases_are_shown(tmp_path: Path) -> None:
    folder = tmp_path / "src" / "junheng" / "standards" / "small-books"
    folder.mkdir(parents=True)
    (folder / "standard.yaml").write_text(SMALL, encoding="utf-8")

    built = standard_pages.build(tmp_path)

    text = built["docs/standards/small-books.md"]
    assert "小学 ≥ 4.2册（2020-01-01 起）" in text
    assert "| 生均图书 | 恰好 | 100人420册 |" in text
    assert "[small-books](small-books.md) | 图书小标准 |" in built["docs/standards/README.md"]


def test_standard_pages_when_there_is_no_pack_then_there_is_no_page(tmp_path: Path) -> None:
    assert standard_pages.build(tmp_path) == {}
