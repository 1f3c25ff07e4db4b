"""Facts as folders of plain files: names, headings, typed units, and nothing missing written as 0."""

import csv

import polars as pl
import pytest

from junheng.readers.dictionary import load_dictionary
from junheng.reports.fact_folders import write_csv_folder, write_parquet_folder
from tests.reports.small_evaluation import INJECTED, small_facts

DICTIONARY = load_dictionary()


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("folder") / "new"
    write_csv_folder(small_facts(), DICTIONARY, folder)
    return {path.stem: path for path in folder.iterdir()}


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_folder_when_written_then_each_table_is_a_file_with_its_label_that_a_spreadsheet_reads(sheets):
    assert sheets.keys() == {table.label for table in DICTIONARY.tables.values()}
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in sheets.values())
    assert all("\n" not in head for path in sheets.values() for head in rows_of(path) and rows_of(path)[0])


def test_csv_folder_when_written_then_values_are_in_typed_units_and_missing_ones_are_empty(sheets):
    schools = rows_of(sheets[DICTIONARY.tables["schools"].label])
    (equipment,) = {head for head in schools[0] if "仪器设备" in head}
    # 360 000 元 are 36 万元
    assert [row[equipment] for row in schools if INJECTED in row.values()] == ["36"]
    stages = rows_of(sheets[DICTIONARY.tables["stages"].label])
    (backbone,) = {head for head in stages[0] if "骨干教师" in head}
    assert [row[backbone] for row in stages] == ["2", "1", "3", "", "0", "0"]


def test_csv_folder_when_a_table_is_empty_then_its_file_has_the_header_only(sheets):
    path = sheets[DICTIONARY.tables["rooms"].label]
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 1
    assert rows_of(path) == []


def test_parquet_folder_when_written_then_columns_are_field_ids_and_missing_values_are_null(tmp_path):
    write_parquet_folder(small_facts(), DICTIONARY, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == set(DICTIONARY.tables)
    stages = pl.read_parquet(tmp_path / "stages.parquet")
    assert stages.columns == list(DICTIONARY.tables["stages"].fields)
    assert set(stages.dtypes) == {pl.String}
    assert stages["backbone_teacher_count"].to_list() == ["2", "1", "3", None, "0", "0"]
    assert pl.read_parquet(tmp_path / "rooms.parquet").height == 0
