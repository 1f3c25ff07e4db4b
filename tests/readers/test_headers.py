from junheng.readers.dictionary import parse_dictionary
from junheng.readers.headers import HeaderIndex

FIELDS = {
    "indoor": {"label": "场地面积（室内）", "type": "decimal"},
    "outdoor": {"label": "场地面积（室外）", "type": "decimal"},
    "books": {"label": "图书（纸质）", "type": "integer"},
}
TABLE = parse_dictionary({"choices": {}, "tables": {"a": {"label": "表", "key": ["books"], "fields": FIELDS}}}).tables[
    "a"
]


def test_header_when_its_remark_in_brackets_is_left_out_then_known_unless_two_fields_share_the_rest():
    index = HeaderIndex(TABLE)

    books = index.match("图书")
    assert books is not None
    assert books.field.id == "books"
    assert index.match("场地面积") is None
