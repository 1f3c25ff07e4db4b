"""A school that misses a limit and may be excused: the strict trial, then one trial for each exception that is switched on.

One exception has to carry the school alone; two are never mixed. Where it is not known whether an exception applies, a school
that would be excused by it cannot be told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from junheng.core.exceptions import ActiveException, SchoolTraits
from junheng.core.item_formulas.inquiry import Inquiry, Tally
from junheng.core.item_formulas.roll import SchoolRecord
from junheng.core.standard import Stage
from junheng.core.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Trial:
    """One school against one limit.

    `describe` says what is wrong when it fails, `lacking` by how much (one number or several), `asks` which facts are missing
    when it cannot be told.
    """

    outcome: Outcome
    describe: Callable[[], str]
    lacking: tuple[int, ...]
    asks: str


@dataclass(frozen=True, slots=True)
class RelievedTrial:
    """The trial under an exception: whether it applies, the facts that decide that, and its terms in words."""

    exception: ActiveException
    applies: bool | None
    asks: str
    terms: str
    trial: Trial


def settle(
    tally: Tally, school: SchoolRecord, unit: str, strict: Trial, under_exceptions: Iterable[RelievedTrial]
) -> Trial | None:
    """Notes in the tally what becomes of the school, and gives the trial that failed (None when none did for certain).

    The trials under exceptions are made only when the strict one is not met.
    """
    if strict.outcome is Outcome.MET:
        return None
    relieved = list(under_exceptions)
    rescue = next((entry for entry in relieved if entry.applies and entry.trial.outcome is Outcome.MET), None)
    if rescue is not None:
        tally.use(rescue.exception, school, rescue.terms)
        return None
    open_facts = [strict.asks] if strict.outcome is Outcome.CANNOT_TELL else []
    open_facts += [
        _asks(entry) for entry in relieved if entry.applies is not False and entry.trial.outcome is not Outcome.NOT_MET
    ]
    if open_facts:
        for label in dict.fromkeys(open_facts):
            tally.lack(label, school)
        return None
    return _fail(tally, school, unit, strict, relieved)


def traits(inquiry: Inquiry, school: SchoolRecord) -> SchoolTraits:
    """What exceptions ask about a school."""
    return SchoolTraits(
        school_type=school.school_type,
        area_type=school.row["area_type"],
        built_year=school.row["built_year"],
        largest_class=inquiry.roll.largest_class(school),
        has_junior_stage=Stage.JUNIOR in school.taught,
        is_integrated=school.is_integrated,
        student_count=school.student_count,
        migrant_student_count=school.row["migrant_student_count"],
    )


def _asks(entry: RelievedTrial) -> str:
    return entry.asks if entry.applies is None else entry.trial.asks


def _fail(tally: Tally, school: SchoolRecord, unit: str, strict: Trial, relieved: Sequence[RelievedTrial]) -> Trial:
    """The school fails by the easiest limit that certainly holds for it; the text names the exception it is held to."""
    held = [entry for entry in relieved if entry.applies]
    easiest = min(held, key=lambda entry: sum(entry.trial.lacking), default=None)
    trial = strict if easiest is None else easiest.trial
    note = "" if easiest is None else f"(已按例外“{easiest.exception.name}”从宽:{easiest.terms})"
    tally.fail(school, trial.describe() + note, shortfall=Fraction(sum(trial.lacking)), unit=unit)
    return trial
