"""Fonts: the office's folder first, Noto last, and honest about characters that nobody can print."""

import shutil
import struct
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest

from junheng.core.errors import InputError
from junheng.reports.fonts import FONTS_VARIABLE, Face, FontSet, load_fonts, read_characters


def font_bytes(*subtables, collection=False):
    """A font file that holds nothing but a cmap table with the given (platform, bytes) subtables."""
    offset = 4 + 8 * len(subtables)
    records, bodies = b"", b""
    for platform, body in subtables:
        records += struct.pack(">HHI", platform, 1, offset + len(bodies))
        bodies += body
    cmap = struct.pack(">HH", 0, len(subtables)) + records + bodies
    start = 16 if collection else 0
    head = b"ttcf" + struct.pack(">HHII", 1, 0, 1, start) if collection else b""
    directory = b"OTTO" + struct.pack(">HHHH", 1, 0, 0, 0) + struct.pack(">4sIII", b"cmap", 0, start + 28, len(cmap))
    return head + directory + cmap


def format_12(*groups):
    body = b"".join(struct.pack(">III", *group) for group in groups)
    return struct.pack(">HHIII", 12, 0, 16 + len(body), 0, len(groups)) + body


def format_4():
    """Three segments: 65–67 by a delta, 70–71 by a glyph array whose first entry is 0 (missing), and the closing one."""
    ends, starts = (67, 71, 0xFFFF), (65, 70, 0xFFFF)
    deltas, ranges = (1, 0, 1), (0, 4, 0)  # 4: the array begins two words behind its own range word
    words = (*ends, 0, *starts, *deltas, *ranges, 0, 9)
    return struct.pack(">HHHHHHH", 4, 14 + 2 * len(words), 0, 6, 0, 0, 0) + struct.pack(f">{len(words)}H", *words)


def test_read_characters_when_format_12_then_expands_groups(tmp_path):
    # 0x4E00–0x4E02 from glyph 5 on; a group that starts at glyph 0 loses its first character
    path = tmp_path / "a.otf"
    path.write_bytes(font_bytes((3, format_12((0x4E00, 0x4E02, 5), (0x2CB69, 0x2CB6A, 0)))))
    assert read_characters(path) == {0x4E00, 0x4E01, 0x4E02, 0x2CB6A}


def test_read_characters_when_format_4_then_follows_deltas_and_glyph_arrays(tmp_path):
    path = tmp_path / "a.ttf"
    path.write_bytes(font_bytes((3, format_4())))
    assert read_characters(path) == {65, 66, 67, 71}


def test_read_characters_when_file_is_a_collection_then_reads_the_face(tmp_path):
    path = tmp_path / "a.ttc"
    path.write_bytes(font_bytes((0, format_12((65, 65, 1))), (1, format_12((90, 90, 1))), collection=True))
    assert read_characters(path, 0) == {65}


def test_read_characters_when_there_is_no_cmap_then_there_are_none(tmp_path):
    path = tmp_path / "a.ttf"
    path.write_bytes(b"OTTO" + struct.pack(">HHHH", 0, 0, 0, 0))
    assert read_characters(path) == set()


def test_read_characters_when_file_is_cut_off_then_names_it(tmp_path):
    path = tmp_path / "破损.otf"
    path.write_bytes(font_bytes((3, format_12((65, 90, 1))))[:-6])
    with pytest.raises(InputError, match=r"破损\.otf"):
        read_characters(path)


def test_noto_when_read_then_prints_rare_names_and_all_marks():
    fonts = load_fonts()
    assert fonts.missing("堃喆珺𬭩垚犇玥祎翯▼△✓—〓〔〕≤") == ()


def test_missing_when_characters_are_unknown_then_each_comes_once_in_order():
    assert load_fonts().missing("\ue124\ue123 \n甲\ue124") == ("\ue123", "\ue124")


def test_names_when_no_official_font_is_present_then_noto_stands_in():
    fonts = load_fonts()
    assert fonts.names(Face.BODY) == ("Noto Serif SC", "Noto Sans SC")
    assert fonts.names(Face.HEADING) == ("Noto Sans SC", "Noto Serif SC")
    assert not fonts.has_official(Face.BODY)


def test_names_when_official_font_is_present_then_it_comes_first_and_noto_stays_last():
    fonts = FontSet(load_fonts().handle, frozenset({"fangsong_gb2312", "Noto Serif SC", "Noto Sans SC"}), frozenset())
    assert fonts.names(Face.BODY) == ("FangSong_GB2312", "Noto Serif SC", "Noto Sans SC")
    assert fonts.has_official(Face.BODY)
    assert not fonts.has_official(Face.TITLE)


def test_load_fonts_when_folder_does_not_exist_then_names_variable_and_path(monkeypatch, tmp_path):
    monkeypatch.setenv(FONTS_VARIABLE, str(tmp_path / "没有"))
    with pytest.raises(InputError, match=r"JUNHENG_FONTS.*没有"):
        load_fonts()


def test_load_fonts_when_folder_is_given_then_it_is_searched_before_noto(monkeypatch, tmp_path):
    shutil.copy(pylopdf_fonts_zh_cn.serif_path(), tmp_path / "office.otf")
    monkeypatch.setenv(FONTS_VARIABLE, str(tmp_path))
    paths = [info.path for info in load_fonts().handle.fonts()]
    assert Path(str(paths[0])).parent == tmp_path


def test_load_fonts_when_asked_twice_then_reads_once():
    assert load_fonts() is load_fonts()
