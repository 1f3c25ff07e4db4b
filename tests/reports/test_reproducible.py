"""Archives without a clock."""

import io
import zipfile
from datetime import UTC, date, datetime

from junheng.reports.reproducible import fixed_moment, rewrite_zip, rewrite_zip_file


def archive(names, day):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as target:
        for name in names:
            target.writestr(zipfile.ZipInfo(name, date_time=(2020, 1, day, 0, 0, 0)), f"content of {name}")
    return result.getvalue()


def test_rewrite_zip_when_order_and_dates_differ_then_bytes_are_equal():
    first = rewrite_zip(archive(["xl/b.xml", "[Content_Types].xml", "Data.xml"], day=1))
    second = rewrite_zip(archive(["Data.xml", "xl/b.xml", "[Content_Types].xml"], day=2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as rewritten:
        assert rewritten.namelist() == ["[Content_Types].xml", "Data.xml", "xl/b.xml"]
        assert rewritten.read("xl/b.xml") == b"content of xl/b.xml"


def test_rewrite_zip_file_when_called_then_file_is_replaced(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(archive(["a"], day=3))
    rewrite_zip_file(path)
    assert path.read_bytes() == rewrite_zip(archive(["a"], day=4))


def test_fixed_moment_when_no_date_is_given_then_is_never_today():
    assert fixed_moment(None) == datetime(2000, 1, 1, tzinfo=UTC)
    assert fixed_moment(date(2026, 11, 22)) == datetime(2026, 11, 22, tzinfo=UTC)
