"""The mutation score: what counts as caught, and that nothing is not enough."""

from pathlib import Path

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


def test_score_when_many_mutants_time_out_then_the_run_itself_is_not_trusted() -> None:
    caught = {f"m{n}": "killed" for n in range(95)}
    hung = {f"h{n}": "timeout" for n in range(5)}

    assert mutation.is_enough({**caught, **hung})  # 5/100 = 5 %
    assert not mutation.is_enough({**caught, **hung, "h5": "timeout"})  # 6/101 = 5.9 %


def test_report_when_a_mutant_survives_or_hangs_then_it_is_named_before_the_score() -> None:
    lines = mutation.report(mutation.parse_results(LISTING))

    assert lines == [
        "no tests: junheng.core.a.x_f__mutmut_4",
        "survived: junheng.core.a.x_f__mutmut_3",
        "timeout: junheng.core.a.x_f__mutmut_2",  # caught, but a person should look at why it hung
        "变异得分 / mutation score: 2/4 = 50.0 % (≥ 90 %),其中超时 / of these timed out: 1 (≤ 5 %)",
    ]


def test_sample_when_drawn_twice_then_the_same_and_only_matching_names() -> None:
    names = [f"junheng.core.{module}.x_f__mutmut_{n}" for module in ("a", "b") for n in range(50)]

    drawn = mutation.draw(names, ["junheng.core.a.*"], 10, seed=3)

    assert drawn == mutation.draw(names, ["junheng.core.a.*"], 10, seed=3)
    assert len(drawn) == 10
    assert all(name.startswith("junheng.core.a.") for name in drawn)
    assert mutation.draw(names, [], 1000, seed=3) == sorted(names)


def test_mutants_when_meta_files_are_there_then_their_names_are_listed(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "a.py.meta").write_text('{"exit_code_by_key": {"b": 1, "a": null}}', encoding="utf-8")

    assert mutation.all_mutants(tmp_path) == ["a", "b"]


def test_report_when_sampled_then_the_margin_is_told() -> None:
    results = {f"m{n}": "killed" if n < 90 else "survived" for n in range(100)}

    # 1.96 · √(0.9 · 0.1 / 100) = 0.0588
    assert mutation.report(results, population=5000)[-1].endswith("sampled from 5000: ± 5.9 % (95 %)")
