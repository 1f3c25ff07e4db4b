"""The documents of one evaluation, written into a folder.

    申报表.xlsx      the application forms         差距清单.xlsx     what is missing, and where
    自评报告.docx    the self-evaluation report    自评报告.pdf      the same
    一校一案/…docx   one plan for each school that has something to put right
    verdict.json    the verdict with all its exact numbers

Each file is written beside its target first and then put in place, so that a broken run never leaves half a document. No
clock is read: dates come from the verdict, and the same bundle gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from junheng.core.errors import InputError
from junheng.reports.bundle_content import Bundle
from junheng.reports.verdict_text import verdict_text

__all__ = ["PLAN_FOLDER", "Bundle", "make_folder", "write_bundle", "write_in_place"]

Progress = Callable[[str, int, int], None]
PLAN_FOLDER = "一校一案"


@dataclass(frozen=True, slots=True)
class _Job:
    """One file: its label for the progress bar, its path below the folder, and what makes its bytes."""

    label: str
    path: Path
    render: Callable[[], bytes]


def write_bundle(
    bundle: Bundle, folder: Path, *, kinds: tuple[str, ...], progress: Callable[[str, int, int], None]
) -> tuple[Path, ...]:
    """Write the documents of the given kinds into an existing folder and give their paths in the order written.

    Kinds are `verdict`, `forms`, `gaps`, `report` and `school_plans`. `progress(label, done, total)` is called before each file
    and once at the end. InputError when a kind is unknown, when a file cannot be written (such as one that is open in
    another program), and when the facts hold a character that cannot be printed.
    """
    unknown = [kind for kind in kinds if kind not in _JOBS]
    if unknown:
        raise InputError(f"没有这种文档：{'、'.join(unknown)}。可选：{'、'.join(_JOBS)}。")
    jobs = [job for kind, make in _JOBS.items() if kind in kinds for job in make(bundle)]
    written = []
    for done, job in enumerate(jobs):
        progress(job.label, done, len(jobs))
        target = folder / job.path
        write_in_place(target, job.render())
        written.append(target)
    progress("完成", len(jobs), len(jobs))
    return tuple(written)


def make_folder(folder: Path) -> Path:
    """The folder, made when it is missing. InputError when that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"不能使用文件夹“{folder}”：{error.strerror}。请换一个位置。") from error
    return folder


def write_in_place(target: Path, content: bytes) -> None:
    """Put the content in place of the target in one step; nothing is left behind when that fails.

    A missing folder of the target is made. InputError when the target cannot be written.
    """
    beside = target.with_name(f".{target.stem[:20]}.part")
    try:
        target.parent.mkdir(exist_ok=True)
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(
            f"不能写入“{target}”：{error.strerror}。文件若在别的程序里打开，请先关闭；或换一个文件夹。"
        ) from error


def _verdict_jobs(bundle: Bundle) -> Iterator[_Job]:
    def render() -> bytes:
        return verdict_text(bundle.verdict, is_trial=bundle.is_trial).encode()

    yield _Job("判定结果", Path("verdict.json"), render)


def _form_jobs(bundle: Bundle) -> Iterator[_Job]:
    from junheng.reports.application_forms import render_application_forms

    yield _Job("申报表", Path("申报表.xlsx"), lambda: render_application_forms(bundle))


def _gap_jobs(bundle: Bundle) -> Iterator[_Job]:
    from junheng.reports.gap_list import render_gap_list

    yield _Job("差距清单", Path("差距清单.xlsx"), lambda: render_gap_list(bundle))


def _report_jobs(bundle: Bundle) -> Iterator[_Job]:
    from junheng.reports.docx_document import render_docx
    from junheng.reports.pdf_document import render_pdf
    from junheng.reports.self_evaluation import self_evaluation

    yield _Job("自评报告（Word）", Path("自评报告.docx"), lambda: render_docx(self_evaluation(bundle)))
    yield _Job("自评报告（PDF）", Path("自评报告.pdf"), lambda: render_pdf(self_evaluation(bundle))[0])


def _plan_jobs(bundle: Bundle) -> Iterator[_Job]:
    from junheng.reports.docx_document import render_docx
    from junheng.reports.school_plan import plan_files, school_plan

    def job(school_id: str, name: str) -> _Job:
        return _Job(f"一校一案 {name}", Path(PLAN_FOLDER, name), lambda: render_docx(school_plan(bundle, school_id)))

    for school_id, name in plan_files(bundle).items():
        yield job(school_id, name)


_JOBS: dict[str, Callable[[Bundle], Iterator[_Job]]] = {
    "verdict": _verdict_jobs,
    "forms": _form_jobs,
    "gaps": _gap_jobs,
    "report": _report_jobs,
    "school_plans": _plan_jobs,
}
