"""The mutation score: what counts as caught, and that nothing is not enough."""

from scripts import mutation

LISTING = """\
    junheng.core.a.x_f__mutmut_1: killed
    junheng.core.a.x_f__mutmut_2: timeout
    junheng.core.a.x_f__mutmut_3: survived
    junheng.core.a.x_f__mutmut_4: no tests
    junheng.core.a.x_f__mutmut_5: not checked
"""


def test_results_when_they_are_listed_then_each_mutant_has_its_fate_and_unchecked_ones_are_left_out() -> None:
    results = mutation.parse_results(LISTING)

    assert list(results.values()) == ["killed", "timeout", "survived", "no tests"]


def test_score_when_nine_of_ten_are_caught_then_it_is_enough_and_below_it_is_not() -> None:
    caught = {f"m{n}": "killed" for n in range(9)}

    assert mutation.is_enough({**caught, "m9": "survived"})  # 9/10 = 90 %
    assert not mutation.is_enough({**caught, "m9": "survived", "m10": "no tests"})  # 9/11 = 81.8 %
    assert not mutation.is_enough({})


def test_report_when_a_mutant_survives_then_it_is_named_before_the_score() -> None:
    lines = mutation.report(mutation.parse_results(LISTING))

    assert lines == [
        "survived: junheng.core.a.x_f__mutmut_3",
        "no tests: junheng.core.a.x_f__mutmut_4",
        "变异得分 / mutation score: 2/4 = 50.0 % (≥ 90 %)",
    ]
