"""Which typefaces a printed document uses, and which characters they can print.

Official layout asks for 方正小标宋, 仿宋_GB2312, 楷体_GB2312 and 黑体, none of which may be handed out with this program.
An office that holds licences puts them in one folder and names it in the environment variable JUNHENG_FONTS. That folder
is searched first. Noto Serif SC and Noto Sans SC always come last: they may be redistributed, are installed
with the program, and print the rare characters of personal and place names. Fonts of the machine itself are never used,
so that one document looks the same, and has the same bytes, everywhere.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import pylopdf_fonts_zh_cn
import typst

from junheng.core.errors import InputError

__all__ = ["FONTS_VARIABLE", "SUBSTITUTE", "Face", "FontSet", "load_fonts", "read_characters"]

FONTS_VARIABLE = "JUNHENG_FONTS"
SUBSTITUTE = "〓"
"""Printed in place of a character that no font has: the printer's sign for a missing sort (U+3013)."""

_SERIF, _SANS = "Noto Serif SC", "Noto Sans SC"


class Face(StrEnum):
    """The parts of a document that have a typeface of their own."""

    TITLE = "title"
    BODY = "body"
    HEADING = "heading"
    SUBHEADING = "subheading"
    FOLIO = "folio"


_WANTED: dict[Face, tuple[str, ...]] = {
    Face.TITLE: (
        "FZXiaoBiaoSong-B05S",
        "FZXiaoBiaoSong-B05",
        "方正小标宋简体",
        "方正小标宋_GBK",
        "STZhongsong",
        "华文中宋",
    ),
    Face.BODY: (
        "FangSong_GB2312",
        "仿宋_GB2312",
        "FZFangSong-Z02S",
        "方正仿宋简体",
        "FangSong",
        "仿宋",
        "STFangsong",
        "华文仿宋",
    ),
    Face.HEADING: ("SimHei", "黑体", "FZHei-B01S", "方正黑体简体", "STHeiti"),
    Face.SUBHEADING: (
        "KaiTi_GB2312",
        "楷体_GB2312",
        "FZKai-Z03S",
        "方正楷体简体",
        "KaiTi",
        "楷体",
        "STKaiti",
        "华文楷体",
    ),
    Face.FOLIO: ("SimSun", "宋体", "FZShuSong-Z01S", "方正书宋简体", "STSong", "华文宋体"),
}
_LAST: dict[Face, tuple[str, ...]] = {
    face: (_SANS, _SERIF) if face is Face.HEADING else (_SERIF, _SANS) for face in Face
}


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts found in one search: `handle` is what the Typst compiler takes, `families` their names."""

    handle: typst.Fonts
    families: frozenset[str]
    characters: frozenset[int]
    """Code points that at least one font has a glyph for."""

    def names(self, face: Face) -> tuple[str, ...]:
        """The families for one part of a document that are really present, best first, Noto last."""
        present = {family.casefold() for family in self.families}
        return tuple(name for name in _WANTED[face] if name.casefold() in present) + _LAST[face]

    def has_official(self, face: Face) -> bool:
        """Whether an official typeface for this part was found, so that Noto need not be emboldened to stand for it."""
        return self.names(face) != _LAST[face]

    def missing(self, text: str) -> tuple[str, ...]:
        """The characters of a text that no font can print, each once, in code point order. White space never counts."""
        codes = {ord(character) for character in text if not character.isspace()}
        return tuple(chr(code) for code in sorted(codes - self.characters))


def load_fonts() -> FontSet:
    """The fonts of the folder in JUNHENG_FONTS, if it is set, and Noto. InputError when that folder does not exist."""
    folder = os.environ.get(FONTS_VARIABLE, "").strip()
    if folder and not Path(folder).is_dir():
        raise InputError(
            f"环境变量 {FONTS_VARIABLE} 指向的字体文件夹不存在：{folder}；请改正路径，或取消这个变量后重试"
        )
    return _load(folder)


@lru_cache(maxsize=4)
def _load(folder: str) -> FontSet:
    noto = pylopdf_fonts_zh_cn.serif_path().parent
    paths = [str(path) for path in (folder, noto) if str(path)]
    handle = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    characters: set[int] = set()
    for info in handle.fonts():
        if info.path is not None:
            characters |= read_characters(Path(info.path), info.index)
    return FontSet(handle, frozenset(handle.families()), frozenset(characters))


def read_characters(path: Path, index: int = 0) -> set[int]:
    """The code points that face number `index` of a TrueType, OpenType or collection file has glyphs for.

    Reads the Unicode subtables of formats 4 and 12 of its cmap table (ISO/IEC 14496-22 §5.3.3). A damaged file raises
    InputError that names it.
    """
    try:
        with path.open("rb") as file:
            table = _cmap_table(file, index)
        return _cmap_codes(table)
    except (struct.error, IndexError) as error:
        raise InputError(f"字体文件已损坏：{path.name}；请从字体文件夹中移走或更换后重试") from error


def _cmap_table(file: BinaryIO, index: int) -> bytes:
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (count,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    for _ in range(count):
        tag, _checksum, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            return file.read(length)
    return b"\0\0\0\0"


def _cmap_codes(table: bytes) -> set[int]:
    (count,) = struct.unpack_from(">H", table, 2)
    codes: set[int] = set()
    for number in range(count):
        platform, _encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * number)
        (kind,) = struct.unpack_from(">H", table, offset)
        if platform in (0, 3) and kind == 12:
            codes |= _format_12(table, offset)
        elif platform in (0, 3) and kind == 4:
            codes |= _format_4(table, offset)
    return codes


def _format_12(table: bytes, offset: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", table, offset + 12)
    codes: set[int] = set()
    for number in range(groups):
        first, last, glyph = struct.unpack_from(">III", table, offset + 16 + 12 * number)
        codes.update(range(first if glyph else first + 1, last + 1))
    return codes


def _format_4(table: bytes, offset: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", table, offset + 6)
    segments = doubled // 2
    layout = f">{segments}H"
    ends = struct.unpack_from(layout, table, offset + 14)
    starts = struct.unpack_from(layout, table, offset + 16 + doubled)
    deltas = struct.unpack_from(layout, table, offset + 16 + 2 * doubled)
    position = offset + 16 + 3 * doubled
    ranges = struct.unpack_from(layout, table, position)
    codes: set[int] = set()
    for segment in range(segments):
        for code in range(starts[segment], min(ends[segment], 0xFFFE) + 1):
            glyph = code
            if ranges[segment]:
                at = position + 2 * segment + ranges[segment] + 2 * (code - starts[segment])
                (glyph,) = struct.unpack_from(">H", table, at)
                if glyph == 0:
                    continue
            if (glyph + deltas[segment]) & 0xFFFF:
                codes.add(code)
    return codes
