"""A look at a file before anything parses it: what it really is, and whether its zip and XML are fit to be opened.

Nothing is unpacked to disk, nothing large is held in memory, and no document type or entity is ever accepted.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath
from typing import Literal
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from junheng.core.errors import JunhengError
from junheng.core.findings import Finding, Location
from junheng.readers.old_workbook import old_error_cells
from junheng.readers.remarks import remark
from junheng.readers.sheet_scan import ForbiddenMarkupError, SheetScan, full_scan, quick_look
from junheng.readers.sheets import MEBIBYTE, Limits, column_letters

Kind = Literal["xlsx", "xls", "unusable"]

_CHUNK = MEBIBYTE
_SMALL_MEMBER = MEBIBYTE
_SMALL_PART = 4 * MEBIBYTE
_WORKBOOK_PART = "xl/workbook.xml"
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet as the workbook lists it: its name, where its XML lies in the zip, and what a scan of it found."""

    name: str
    part: str
    scan: SheetScan


@dataclass(slots=True)
class Inspection:
    """What the pre-check found out. `kind` is unusable when the file must not be opened; the findings say why.

    `sheets` are the worksheets that may be read; of an .xls only those with error cells are listed, and all may be read.
    `recalculates` is True when the file asks to be calculated anew on opening, so that stored results may be stale.
    """

    kind: Kind
    findings: list[Finding] = field(default_factory=list)
    sheets: list[SheetPart] = field(default_factory=list)
    recalculates: bool = False


class _RefusedError(JunhengError):
    """The package may not be opened; carries the finding."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def inspect(path: Path, limits: Limits, allow: Callable[[str], None] | None = None) -> Inspection:
    """What kind of workbook the file is by its content, never by its name, and whether it may be opened.

    `allow` is told the name of each sheet of an .xlsx as soon as everything outside the sheets, and this sheet, has proved
    fit to be read; a later sheet may still make the whole file unusable.
    """
    name = path.name
    try:
        if _kind_of(path, limits) == "xls":
            return _inspect_old(path, limits)
        with zipfile.ZipFile(path) as package:
            return _inspect_package(package, name, limits, allow or _nobody_waits)
    except _RefusedError as refusal:
        finding = remark(refusal.code, refusal.message, Location(file=name))
    except (ForbiddenMarkupError, DefusedXmlException):
        finding = remark("reader-xml-entity", f"“{name}”的内部 XML 含有 DTD 或外部实体声明。", Location(file=name))
    except (ExpatError, ParseError, KeyError, RecursionError):
        finding = remark("reader-broken-workbook", f"“{name}”的内部结构读不懂。", Location(file=name))
    except PermissionError:
        raise
    except _BROKEN_ZIP:
        finding = remark("reader-broken-zip", f"“{name}”不是完整的工作簿，压缩包已损坏或被截断。", Location(file=name))
    return Inspection("unusable", [finding])


def _nobody_waits(_: str) -> None:
    """Nobody reads while the file is inspected."""


def _inspect_old(path: Path, limits: Limits) -> Inspection:
    """An .xls goes to the parser as it is, with the cells that show errors, which the parser would take for empty."""
    content = path.read_bytes()
    _check_compound_file(path.name, content)
    scans = old_error_cells(content)
    within = {name: scan for name, scan in scans.items() if not scan.exceeds(limits)}
    return Inspection("xls", sheets=[SheetPart(name, "", scan) for name, scan in within.items()])


def _kind_of(path: Path, limits: Limits) -> Kind:
    size = path.stat().st_size
    if size == 0:
        raise _RefusedError("reader-empty-file", f"“{path.name}”是空文件（0 字节）。")
    if size > limits.max_file_bytes:
        raise _RefusedError("reader-file-too-large", _too_large(path.name, size, limits.max_file_bytes))
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(b"PK"):
            return "xlsx"
        if head.startswith(_OLE_MAGIC):
            return "xls"
    raise _RefusedError(*_describe_stranger(path.name, head))


def _too_large(name: str, size: int, limit: int) -> str:
    return f"“{name}”有 {size / MEBIBYTE:.1f} MB，超过上限 {limit / MEBIBYTE:.0f} MB，没有打开。"


def _check_compound_file(name: str, content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _RefusedError("reader-password", f"“{name}”设有打开密码，无法读取。")
    if not any(stream.encode("utf-16-le") in content for stream in ("Workbook", "Book")):
        raise _RefusedError("reader-not-a-workbook", f"“{name}”不是 Excel 工作簿（可能是旧版 Word 等其他文件）。")


def _describe_stranger(name: str, head: bytes) -> tuple[str, str]:
    """The code and message for a file that is neither zip nor compound file."""
    text = _as_text(head)
    if text is None:
        return "reader-not-a-workbook", f"“{name}”不是 Excel 工作簿，文件内容无法识别。"
    start = text.lstrip().lower()
    if re.match(r"<!doctype html|<html|<meta|<table|<head|<body|<style|<div", start) or "<table" in start:
        return "reader-html-as-workbook", f"“{name}”的内容是网页，只是扩展名改成了 {Path(name).suffix}。"
    if start.startswith("<"):
        return "reader-not-a-workbook", f"“{name}”的内容是 XML 文本，不是 {Path(name).suffix} 工作簿。"
    if any(mark in text for mark in ",\t;") and "\n" in text:
        return "reader-text-as-workbook", f"“{name}”的内容是文本表格，只是扩展名改成了 {Path(name).suffix}。"
    return "reader-not-a-workbook", f"“{name}”不是 Excel 工作簿，内容是普通文本。"


def _as_text(head: bytes) -> str | None:
    """The beginning of the file as text, None when it is binary. A character cut at the end does not count."""
    for bom, encoding in _BOMS.items():
        if head.startswith(bom):
            return head.decode(encoding, errors="replace")
    if b"\x00" in head:
        return None
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _inspect_package(package: zipfile.ZipFile, name: str, limits: Limits, allow: Callable[[str], None]) -> Inspection:
    members = package.infolist()
    _check_members(members, name, limits)
    names = {member.filename for member in members}
    if _WORKBOOK_PART not in names:
        raise _RefusedError(*_describe_package(names, name))
    for member in members:
        if member.filename.endswith((".xml", ".rels")) and "/worksheets/sheet" not in member.filename:
            _refuse_markup(package, member)
    workbook = _parse(package, _WORKBOOK_PART)
    inspection = Inspection("xlsx", recalculates=_recalculates(workbook))
    for sheet, part in _sheet_parts(package, workbook, names):
        found = _scan(package, part, limits) if part else SheetScan()
        if found is None:
            place = Location(file=name, sheet=sheet)
            inspection.findings.append(remark("reader-broken-sheet", f"“{name}”的表“{sheet}”结构损坏。", place))
        elif (finding := _extent_finding(found, name, sheet, limits)) is not None:
            inspection.findings.append(finding)
        else:
            inspection.sheets.append(SheetPart(sheet, part, found))
            allow(sheet)
    return inspection


def _check_members(members: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if len(members) > limits.max_members:
        text = f"“{name}”内有 {len(members)} 个文件，超过上限 {limits.max_members} 个。"
        raise _RefusedError("reader-zip-members", text)
    for member in members:
        if member.flag_bits & 0x1:
            raise _RefusedError("reader-password", f"“{name}”的压缩包设有密码，无法读取。")
        if member.compress_type not in _COMPRESSIONS:
            raise _RefusedError("reader-broken-zip", f"“{name}”用了工作簿不会用的压缩方法，无法读取。")
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _SMALL_MEMBER and ratio > limits.max_member_ratio:
            text = f"“{name}”内的“{member.filename}”压缩比达 {ratio:.0f} 倍，超过上限 {limits.max_member_ratio} 倍。"
            raise _RefusedError("reader-zip-ratio", text)
    total = sum(member.file_size for member in members)
    if total > limits.max_uncompressed_bytes:
        allowed = limits.max_uncompressed_bytes / MEBIBYTE
        text = f"“{name}”展开后有 {total / MEBIBYTE:.1f} MB，超过上限 {allowed:.0f} MB。"
        raise _RefusedError("reader-zip-uncompressed", text)


def _describe_package(names: set[str], name: str) -> tuple[str, str]:
    if "xl/workbook.bin" in names:
        return "reader-unsupported-format", f"“{name}”是二进制工作簿（.xlsb），暂不支持。"
    if "content.xml" in names:
        return "reader-unsupported-format", f"“{name}”是开放文档表格（.ods），暂不支持。"
    return "reader-not-a-workbook", f"“{name}”是压缩包，但里面没有 Excel 工作簿。"


def _chunks(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _refuse_markup(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read one part through, which also proves its checksum, and refuse any document type."""
    tail = b""
    for chunk in _chunks(package, member.filename):
        text = tail + chunk
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise ForbiddenMarkupError
        tail = text[-16:]


def _parse(package: zipfile.ZipFile, part: str) -> Element:
    if package.getinfo(part).file_size > _SMALL_PART:
        raise ParseError
    root: Element = defusedxml.ElementTree.fromstring(package.read(part), forbid_dtd=True)
    return root


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _recalculates(workbook: Element) -> bool:
    settings = [element for element in workbook if _local(element) == "calcPr"]
    return any(element.get("fullCalcOnLoad") in ("1", "true") for element in settings)


def _sheet_parts(package: zipfile.ZipFile, workbook: Element, names: set[str]) -> Iterator[tuple[str, str]]:
    """(sheet name, part name) in workbook order; the part is '' when the zip does not hold it. Charts are left out."""
    targets = {}
    for relation in _parse(package, "xl/_rels/workbook.xml.rels"):
        target = relation.get("Target", "")
        absolute = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        targets[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], absolute)
    for sheet in workbook.iter():
        if _local(sheet) != "sheet":
            continue
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        kind, part = targets.get(identity, ("", ""))
        if kind in ("worksheet", ""):
            yield sheet.get("name", ""), part if part in names else ""


def _scan(package: zipfile.ZipFile, part: str, limits: Limits) -> SheetScan | None:
    """The scan of one sheet; None when its XML is broken, so that the other sheets can go on."""
    try:
        return quick_look(_chunks(package, part), limits) or full_scan(_chunks(package, part))
    except ExpatError:
        return None


def _extent_finding(scan: SheetScan, name: str, sheet: str, limits: Limits) -> Finding | None:
    if not scan.exceeds(limits):
        return None
    far = Location(file=name, sheet=sheet, row=scan.last_row, column=column_letters(scan.last_column))
    if scan.cell_count < max(scan.height, scan.width) or scan.cell_count * 50 < scan.height * scan.width:
        text = f"“{name}”的表“{sheet}”内容不多，却一直占到 {far.cell}，多半是误填的单元格，这张表没有读取。"
        return remark("reader-far-cell", text, far)
    if scan.height > limits.max_rows:
        text = f"“{name}”的表“{sheet}”有 {scan.height} 行，超过上限 {limits.max_rows} 行，这张表没有读取。"
        return remark("reader-too-many-rows", text, far)
    text = f"“{name}”的表“{sheet}”有 {scan.height} 行 × {scan.width} 列，超过上限，这张表没有读取。"
    return remark("reader-too-many-cells", text, far)
