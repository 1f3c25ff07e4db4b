import io
import random
import time
import tracemalloc
import zipfile
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.readers.grids import read_grids
from junheng.readers.precheck import inspect
from junheng.readers.remarks import REMARKS, remark
from junheng.readers.sheet_scan import ForbiddenMarkupError, full_scan, quick_look
from junheng.readers.sheets import Limits
from tests.readers import hostile_files as hostile

PLAIN = hostile.worksheet("".join(hostile.row(i, hostile.number("A", i), hostile.number("C", i)) for i in range(1, 60)))


def pieces(text, size):
    data = text.encode()
    return [data[start : start + size] for start in range(0, len(data), size)]


def save(folder, content, name="a.xlsx"):
    path = folder / name
    path.write_bytes(content)
    return path


def test_remark_when_code_is_not_listed_then_key_error():
    with pytest.raises(KeyError):
        remark("reader-unknown", "", REMARKS)  # type: ignore[arg-type]


def test_remarks_when_listed_then_all_have_codes_in_kebab_case_and_a_hint():
    assert all(code.startswith("reader-") and code == code.lower() and hint for code, (_, hint) in REMARKS.items())


def test_inspect_when_workbook_is_sound_then_sheets_with_scans(tmp_path):
    inspection = inspect(save(tmp_path, hostile.table([["甲", 1], ["乙", 2]])), Limits())

    assert (inspection.kind, inspection.findings) == ("xlsx", [])
    assert [(sheet.name, sheet.part) for sheet in inspection.sheets] == [("学校", "xl/worksheets/sheet1.xml")]


def test_inspect_when_a_later_sheet_is_forged_then_the_earlier_was_allowed_and_the_file_is_refused(tmp_path):
    forged = "<!DOCTYPE worksheet>" + hostile.worksheet()
    content = hostile.package({"好": hostile.worksheet(), "坏": forged, "后": hostile.worksheet()})
    allowed: list[str] = []

    inspection = inspect(save(tmp_path, content), Limits(), allowed.append)

    assert allowed == ["好"]
    assert (inspection.kind, inspection.sheets) == ("unusable", [])
    assert [finding.code for finding in inspection.findings] == ["reader-xml-entity"]


def test_inspect_when_anything_outside_the_sheets_is_forged_then_no_sheet_is_allowed(tmp_path):
    content = hostile.package({"好": hostile.worksheet()}, extra={"xl/styles.xml": "<!DOCTYPE x><styleSheet/>"})
    allowed: list[str] = []

    inspection = inspect(save(tmp_path, content), Limits(), allowed.append)

    assert (allowed, inspection.kind) == ([], "unusable")


def test_inspect_when_a_sheet_is_broken_or_too_far_then_only_the_others_are_allowed(tmp_path):
    far = hostile.worksheet(hostile.row(1, hostile.number("A", 1)) + hostile.row(1_048_576, hostile.number("A", 1)))
    sheets = {"坏": "<worksheet><sheetData><row><c>", "远": far, "好": hostile.worksheet()}
    allowed: list[str] = []

    inspection = inspect(save(tmp_path, hostile.package(sheets)), Limits(), allowed.append)

    assert allowed == ["好"] == [sheet.name for sheet in inspection.sheets]


EXACT = Limits(max_rows=9_998)  # less than what a sheet is taken for that is small at first sight


@pytest.mark.parametrize(("size", "limits"), [(700, Limits()), (1_000, Limits()), (1_000_000, EXACT)])
def test_quick_look_when_plain_then_extent_whatever_the_chunks(size, limits):
    scan = quick_look(pieces(PLAIN, size), limits)

    assert scan is not None
    assert (scan.height, scan.width) == (59, 3)


def test_quick_look_when_a_whole_sheet_is_small_then_the_largest_extent_it_can_have():
    scan = quick_look([PLAIN.encode()], Limits())

    assert scan is not None
    assert (scan.height, scan.width) == (9_999, 702)  # A1:ZZ9999, which is within the limits


@pytest.mark.parametrize(("place", "extent"), [("AAA1", (59, 703)), ("A10000", (59, 3)), ("ZZ9999", (9_999, 702))])
def test_quick_look_when_a_cell_lies_beyond_a_small_sheet_then_extent_is_counted(place, extent):
    cell = f'<c r="{place}"><v>1</v></c>'

    scan = quick_look([PLAIN.replace("</row>", cell + "</row>", 1).encode()], Limits())

    assert scan is not None
    assert (scan.height, scan.width) == extent


@pytest.mark.parametrize(
    "mark",
    [
        "<f>1</f>",
        '<c r="A1" t="e"/>',
        '<c r="A1"><f>1</f><v xml:space="preserve">1</v></c>',
        "<!-- -->",
        "<row r='7'/>",
        '<row spans="1" r="7"/>',
        "<c><v>1</v></c>",
        "\x00",
    ],
)
def test_quick_look_when_anything_unusual_then_events_are_needed(mark):
    assert quick_look([PLAIN.replace("</sheetData>", mark + "</sheetData>").encode()], Limits()) is None


def test_quick_look_when_a_chunk_ends_in_any_place_of_a_tag_then_still_plain():
    data = PLAIN.encode()
    middle = data.index(b'<row r="30">')

    for cut in range(middle, middle + 60):
        scan = quick_look([data[:cut], data[cut:]], EXACT)
        assert scan is not None
        assert (scan.height, scan.width) == (59, 3)


def test_quick_look_when_text_has_no_end_then_events_are_needed():
    assert quick_look([PLAIN.encode(), b"x" * 70_000], Limits()) is None


CELL_KINDS = [
    ("<v>1</v>", ""),
    ("<f>1+1</f>", ""),
    ("<f>1+1</f><v>2</v>", ' s="1"'),
    ("<f>1+1</f><v/>", ""),
    ("<f>1+1</f><v></v>", ' t="str"'),
    ("<f>1+1</f><v/>", ' s="2" t="str"'),
    ('<f t="shared" si="0"/>', ""),
    ('<f t="shared" ref="A1:A9" si="0">B1</f><v>5</v>', ""),
    ("<f/><v>5</v>", ""),
    ("<f>1/0</f><v>#DIV/0!</v>", ' t="e"'),
    ("<v>#N/A</v>", ' s="1" t="e"'),
    ('<f>_xlfn.DISPIMG("ID_1",1)</f><v>x</v>', ' t="str"'),
    ('<f>_xlfn.DISPIMG("ID_1",1)</f><v>#NAME?</v>', ' t="e"'),
    ("<is><t>t</t></is>", ' t="inlineStr"'),
]


@given(st.lists(st.sampled_from(CELL_KINDS), min_size=1, max_size=30), st.integers(80, 400))
def test_quick_look_when_formulas_and_errors_in_usual_markup_then_as_the_full_scan(kinds, size):
    xml = hostile.worksheet("".join(hostile.row(i, ("B", *kind)) for i, kind in enumerate(kinds, 1)))

    quick, full = quick_look(pieces(xml, size), EXACT), full_scan(pieces(xml, size))

    assert quick is not None
    assert (quick.without_value, quick.errors, quick.pictures) == (full.without_value, full.errors, full.pictures)
    assert (quick.formula_count, quick.last_row, quick.last_column) == (full.formula_count, full.last_row, 2)


def test_quick_look_when_root_is_prefixed_then_events_are_needed():
    assert quick_look([b"<x:worksheet></x:worksheet>"], Limits()) is None


def test_quick_look_when_extent_is_over_a_limit_then_events_are_needed():
    assert quick_look([PLAIN.encode()], Limits(max_rows=58)) is None
    assert quick_look([PLAIN.encode()], Limits(max_columns=2)) is None
    assert quick_look([PLAIN.encode()], Limits(max_cells=59 * 3 - 1)) is None


@pytest.mark.parametrize("size", [1, 7, 1_000_000])
def test_full_scan_when_chunks_are_of_any_size_then_same_scan(size):
    scan = full_scan(pieces(PLAIN, size))

    assert (scan.height, scan.width, scan.cell_count) == (59, 3, 118)
    assert (scan.first_row, scan.first_column, scan.last_row, scan.last_column) == (1, 1, 59, 3)


def test_full_scan_when_nothing_is_filled_then_no_extent():
    scan = full_scan([hostile.worksheet('<row r="9"><c r="B9" s="1"/></row>', before='<dimension ref="B9"/>').encode()])

    assert (scan.height, scan.width, scan.declared_cells) == (0, 0, 18)


def test_full_scan_when_dimension_is_nonsense_then_ignored():
    assert full_scan([hostile.worksheet(before='<dimension ref="?"/>').encode()]).declared_cells == 0


@pytest.mark.parametrize("number", ["x", "²", "9" * 5_000])
def test_full_scan_when_row_number_is_nonsense_then_counted_on(number):
    scan = full_scan([hostile.worksheet(f'<row r="{number}"><c><v>1</v></c></row>').encode()])

    assert (scan.last_row, scan.last_column) == (1, 1)


def test_full_scan_when_formula_is_endless_then_it_is_not_kept():
    scan = full_scan(pieces(hostile.worksheet(hostile.row(1, ("A", f"<f>{'1+' * 5_000}1</f>", ""))), 100))

    assert scan.without_value == {(1, 1)}


def test_full_scan_when_a_tag_never_ends_then_broken_before_memory_is_full():
    endless = b"<worksheet " + b'a="' + b"x" * 1_000_000

    def chunks():
        yield endless
        for _ in range(400):
            yield b"x" * 1_000_000
        raise AssertionError("read to the end")

    with pytest.raises(ExpatError, match="tag without end"):
        full_scan(chunks())


@pytest.mark.parametrize("hostile_part", ['<c r="A1" ', '<c r="A1" t="e"', ' t="e"', "<f", "<f "])
def test_quick_look_when_markup_is_made_to_slow_patterns_down_then_it_is_still_quick(hostile_part):
    data = b'<worksheet><sheetData><row r="1"><c r="A1"><f>' + hostile_part.encode() * 100_000
    start = time.process_time()

    quick_look([data, data], Limits())

    assert time.process_time() - start < 5


def test_full_scan_when_error_has_no_text_then_still_an_error():
    scan = full_scan([hostile.worksheet(hostile.row(1, ("A", "<is/>", ' t="e"'))).encode()])

    assert scan.errors == {(1, 1): "#ERROR!"}


def test_full_scan_when_document_type_then_refused_before_any_entity():
    bomb = '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'

    with pytest.raises(ForbiddenMarkupError):
        full_scan([bomb.encode()])


def test_inspect_when_directory_part_is_huge_then_refused_as_broken(tmp_path):
    # random bytes in hexadecimal deflate only twice, so that the ratio is no reason
    filler = random.Random(1).randbytes(2_200_000).hex()
    content = hostile.one_sheet(extra={"xl/workbook.xml": f"<workbook>{filler}</workbook>"})

    assert [finding.code for finding in inspect(save(tmp_path, content), Limits()).findings] == [
        "reader-broken-workbook"
    ]


def test_inspect_when_sheet_is_large_then_memory_stays_small(tmp_path):
    formula = "1+" * 100 + "1"
    rows = "".join(f'<row r="{i}"><c r="A{i}"><f>{formula}</f><v>{i}</v></c></row>' for i in range(1, 13_001))
    path = save(tmp_path, hostile.one_sheet(rows))

    tracemalloc.start()
    inspect(path, Limits())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(rows) > 3_000_000
    assert peak < 12_000_000  # a few chunks of one mebibyte, never a tree of all rows


def mutated(content, seed):
    generator = random.Random(seed)
    data = bytearray(content)
    for _ in range(generator.randint(1, 6)):
        start = generator.randrange(len(data))
        choice = generator.randrange(3)
        if choice == 0:
            data[start] = generator.randrange(256)
        elif choice == 1:
            del data[start : start + generator.randint(1, 40)]
        else:
            data[start:start] = generator.randbytes(generator.randint(1, 20))
    return bytes(data)


def base_workbook():
    return hostile.one_sheet(
        "".join(hostile.row(i, hostile.number("A", i), ("B", "<f>1</f>", "")) for i in range(1, 20))
    )


@pytest.mark.parametrize("seed", range(12))
def test_read_grids_when_bytes_are_mutated_then_always_a_grid_or_a_finding(tmp_path, seed):
    result = read_grids(save(tmp_path, mutated(base_workbook(), seed)))

    assert result.grids or result.findings


@pytest.mark.parametrize("seed", range(12))
def test_read_grids_when_xml_is_mutated_then_always_a_grid_or_a_finding(tmp_path, seed):
    names = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/styles.xml"]
    name = names[seed % 4]
    with zipfile.ZipFile(io.BytesIO(hostile.table([["甲", 1.5], ["乙", 2]]))) as archive:
        parts = {member: archive.read(member) for member in archive.namelist()}
    parts[name] = mutated(parts[name], seed)

    result = read_grids(save(tmp_path, hostile.zipped(parts)))

    assert result.grids or result.findings


@pytest.mark.parametrize("seed", range(8))
def test_read_grids_when_old_workbook_is_mutated_then_always_a_grid_or_a_finding(tmp_path, seed):
    content = hostile.old_workbook(lambda workbook: workbook.add_sheet("学校").write(3, 3, 5))

    result = read_grids(save(tmp_path, mutated(content, seed), "a.xls"))

    assert result.grids or result.findings


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_inspect_when_compression_is_exotic_then_refused_unopened(tmp_path, method):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 100)

    inspection = inspect(save(tmp_path, buffer.getvalue()), Limits())

    assert [finding.code for finding in inspection.findings] == ["reader-broken-zip"]


def test_inspect_when_stray_bytes_fit_no_encoding_then_not_a_workbook(tmp_path):
    inspection = inspect(save(tmp_path, b"\xff\xff\xff\xff\xff,\n" * 3), Limits())

    assert [finding.code for finding in inspection.findings] == ["reader-not-a-workbook"]
