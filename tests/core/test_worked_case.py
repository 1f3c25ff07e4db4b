"""The kinds of worked cases, as the documentation pages call them."""

from junheng.core.worked_case import CaseKind


def test_kind_when_it_is_printed_then_every_one_has_its_own_word():
    assert {kind: kind.label for kind in CaseKind} == {
        CaseKind.BELOW: "未达",
        CaseKind.AT: "恰好",
        CaseKind.ABOVE: "超过",
        CaseKind.MISSING: "缺数",
        CaseKind.EXCEPTED: "例外",
    }
