"""The cone of the coefficient of variation, from outside: tangents that are added where a solution cuts them off.

With X the values in thresholds, m their mean by pupils and c the limit: CV ≤ c ⇔ Σ (p/P)·X²/m ≤ (1 + c²)·m. The function X²/m is
convex, and for every ρ it lies above its tangent 2ρX − ρ²m. A group (stage and indicator) that a solution breaks first gets a
fixed fan of tangents, then tangents at the solution itself. Tangents never cut off anything allowed, so bounds stay valid.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from junheng.planning.plan.county import Floats, Ints
from junheng.planning.plan.model import Cone, Model
from junheng.planning.plan.sketch import Sketch
from junheng.planning.plan.solver import Session
from junheng.planning.plan.states import groups_of, weights_of

FAN = (0.3, 0.5, 0.65, 0.8, 0.9, 1.0, 1.15, 1.35, 1.6, 2.0, 2.6, 3.4, 4.5)
TOLERANCE = 2e-5
_SLACK = 1e-7


@dataclass
class Tangents:
    """The tangents of a model so far, as rows lower ≤ w − 2ρX + ρ²m. They belong to the model, not to one session."""

    model: Model
    square: list[Ints] = field(default_factory=list)
    share: list[Ints] = field(default_factory=list)
    mean: list[Ints] = field(default_factory=list)
    slope: list[Floats] = field(default_factory=list)
    fanned: set[int] = field(default_factory=set)

    def cut(self, values: Floats, session: Session) -> list[Cone]:
        """Adds tangents for every coefficient that the values break, to the list and to the session, and gives these."""
        broken = list(self._broken(values))
        for cone in broken:
            square, share, mean, slope = self._news(cone, values)
            self._keep(square, share, mean, slope)
            _add(session, square, share, mean, slope)
        return broken

    def put_into(self, sketch: Sketch) -> None:
        """Adds all tangents to a sketch that has the model's columns."""
        for square, share, mean, slope in zip(self.square, self.share, self.mean, self.slope, strict=True):
            rows = sketch.add_rows(len(square), lower=0.0, clause="people")
            for columns, factors in ((square, np.ones(len(slope))), (share, -2 * slope), (mean, slope**2)):
                sketch.put(rows, columns, factors)

    def put_into_session(self, session: Session) -> None:
        """Adds all tangents to a session of the same model."""
        for group in zip(self.square, self.share, self.mean, self.slope, strict=True):
            _add(session, *group)

    def _broken(self, values: Floats) -> Iterable[Cone]:
        for cone in self.model.cones:
            mean = values[cone.mean]
            allowed = (1.0 + cone.limit**2) * mean + values[cone.extra]
            if mean > 0 and cone.weights @ np.square(values[cone.share]) / mean > allowed + TOLERANCE * mean:
                yield cone

    def _news(self, cone: Cone, values: Floats) -> tuple[Ints, Ints, Ints, Floats]:
        square, share, mean = cone.square, cone.share, values[cone.mean]
        at = values[share] / mean
        open_rows = values[square] < values[share] * at - _SLACK
        square_now, share_now, slope = square[open_rows], share[open_rows], at[open_rows]
        if int(square[0]) not in self.fanned:
            self.fanned.add(int(square[0]))
            square_now = np.concatenate([square_now, np.repeat(square, len(FAN))])
            share_now = np.concatenate([share_now, np.repeat(share, len(FAN))])
            slope = np.concatenate([slope, np.tile(np.array(FAN), len(share))])
        return square_now, share_now, np.full(len(slope), cone.mean), slope

    def _keep(self, square: Ints, share: Ints, mean: Ints, slope: Floats) -> None:
        for store, part in ((self.square, square), (self.share, share), (self.mean, mean)):
            store.append(part)
        self.slope.append(slope)


def _add(session: Session, square: Ints, share: Ints, mean: Ints, slope: Floats) -> None:
    count = len(slope)
    columns = np.stack([square, share, mean], axis=1).ravel()
    cells = np.stack([np.ones(count), -2 * slope, slope**2], axis=1).ravel()
    session.add_rows(np.zeros(count), np.full(count, np.inf), np.arange(count) * 3, columns, cells)


def coefficients(model: Model, values: Floats) -> Floats:
    """The coefficients of variation of a solution (2×K; nan where none is judged or the mean is 0)."""
    found = np.full((2, len(model.county.indicators)), np.nan)
    for stage, index in groups_of(model.county):
        shares, weights = values[model.share[model.county.members(stage), index]], weights_of(model.county, stage)
        mean = float(weights @ shares)
        if mean > 0:
            found[stage, index] = np.sqrt(max(0.0, float(weights @ np.square(shares)) / mean**2 - 1.0))
    return found
