"""What waits for somebody now: their own drafts, what they are to decide on, the round they run. Said where they land."""

from dataclasses import dataclass

from junheng.web.access.actor import Actor
from junheng.web.access.roles import Permission, Role, may
from junheng.web.returns.clock import Clock, clock_of, clock_of_entry
from junheng.web.returns.models import Return, Round, State
from junheng.web.returns.progress import round_counts
from junheng.web.returns.queries import may_edit, own_returns, visible_rounds


@dataclass(frozen=True, slots=True)
class ToDo:
    """`drafts` are the actor's own unsubmitted returns, `rounds` those a county office collects now, with their counts;
    each with its clock. `to_review` is how many returns wait for the actor's decision.
    """

    drafts: tuple[tuple[Return, Clock], ...]
    rounds: tuple[tuple[Round, Clock], ...]
    to_review: int

    def __bool__(self) -> bool:
        """True when anything waits."""
        return bool(self.drafts or self.rounds or self.to_review)


def to_do_of(actor: Actor, to_review: int) -> ToDo:
    """What waits for the actor; `to_review` has been counted for the navigation already. Three queries at most."""
    return ToDo(tuple(_drafts(actor)), tuple(_rounds(actor)), to_review)


def _drafts(actor: Actor) -> list[tuple[Return, Clock]]:
    """Those that are locked are nobody's task any more; those past their last day still are: somebody must ask for time."""
    if not may(actor.role, Permission.EDIT_RETURN):
        return []
    found = [entry for entry in own_returns(actor).filter(state=State.DRAFT) if may_edit(actor, entry)]
    clocks = [(entry, clock_of_entry(entry)) for entry in found]
    return [(entry, clock) for entry, clock in clocks if clock.is_open or not clock.is_locked]


def _rounds(actor: Actor) -> list[tuple[Round, Clock]]:
    """Rounds of the own county that are not locked and in which not every return is approved."""
    if actor.role != Role.COUNTY_OFFICE:
        return []
    open_ones = visible_rounds(actor).filter(county_id=actor.organisation_id, locked_at=None)
    counted = round_counts(actor, open_ones)
    return [(found, clock_of(found, ())) for found in counted if found.approved < found.total]  # type: ignore[attr-defined]
