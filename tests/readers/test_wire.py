import math
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.readers.wire import decode, encode, framed

CELLS = st.one_of(
    st.none(),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.dates(),
    st.datetimes(),
)


@given(st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=8)))
def test_rows_when_sent_then_the_very_same_cells(rows):
    got = decode(encode({"rows": rows}))["rows"]

    assert got == rows
    assert [[type(cell) for cell in row] for row in got] == [[type(cell) for cell in row] for row in rows]


def test_rows_when_a_text_is_empty_then_an_empty_cell():
    assert decode(encode({"rows": [["", "a", 1.0]]}))["rows"] == [[None, "a", 1.0]]


def test_rows_when_a_number_is_not_finite_then_it_stays_what_it_is():
    first, second = decode(encode({"rows": [[math.nan, -math.inf]]}))["rows"][0]

    assert math.isnan(first)
    assert second == -math.inf


def test_rows_when_a_cell_is_a_time_or_a_span_then_its_text():
    assert decode(encode({"rows": [[time(8, 30), timedelta(hours=30)]]}))["rows"] == [["08:30:00", "1 day, 6:00:00"]]


def test_rows_when_a_text_holds_what_divides_texts_then_it_is_replaced():
    assert decode(encode({"rows": [["a\x00b", "c"]]}))["rows"] == [["a\ufffdb", "c"]]


def test_rows_when_a_text_is_no_unicode_then_a_question_mark():
    assert decode(encode({"rows": [["\ud800", "c"]]}))["rows"] == [["?", "c"]]


def test_message_when_sent_then_the_same_values():
    message = {"a": "字", "b": -5, "c": True, "d": 0.1, "e": ["x", ""], "merges": [[1, 2, 3, 4], [5, 6, 7, 8]]}

    assert decode(encode(message)) == message


@pytest.mark.parametrize(
    "data",
    [
        b"x",
        framed(b"a"),
        framed(b"a") + framed(b"text"),
        framed(b"a") + framed(b"strange") + framed(b"1"),
        framed(b"a") + framed(b"text") + framed(b"\xff"),
        framed(b"a") + framed(b"whole") + framed(b"9" * 5_000),
        framed(b"a") + framed(b"text") + framed(b"long")[:-1],
        framed(b"a") + framed(b"rows") + framed(framed(b"1")),
        framed(b"a") + framed(b"rows") + framed(b"".join(map(framed, (b"1", b"\x01", b"", b"", b"")))),
        framed(b"a") + framed(b"rows") + framed(b"".join(map(framed, (b"1", b"\x09", b"", b"", b"")))),
        framed(b"a") + framed(b"rows") + framed(b"".join(map(framed, (b"1", b"\x03", b"", b"", b"date:x\x00")))),
        framed(b"a") + framed(b"rows") + framed(b"".join(map(framed, (b"1", b"", b"x", b"", b"")))),
        framed(b"a") + framed(b"rows") + framed(b"".join(map(framed, (b"-1", b"\x00", b"", b"", b"")))),
        framed(b"a") + framed(b"rows") + framed(b"".join(map(framed, (b"2", b"\x00\x00\x00", b"", b"", b"")))),
        framed(b"a") + framed(b"merges") + framed(b"123"),
    ],
)
def test_decode_when_given_what_no_process_sends_then_value_error(data):
    with pytest.raises(ValueError):  # noqa: PT011 - any will do
        decode(data)
