"""From collected facts to all that is written about a run: judged once, in the worker. Writes nothing."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from junheng import api
from junheng.core.digest import sha256_of
from junheng.core.facts import Facts
from junheng.core.findings import Finding, Level
from junheng.web.evaluations.models import Run, Source


@dataclass(frozen=True)
class Material:
    """What a run takes: the facts, which versions they are (`[return id, number, digest]`), who is missing, what was found."""

    facts: Facts
    versions: Sequence[Sequence[Any]] = ()
    missing: Sequence[str] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A verdict ready to be kept: the columns of its run, one entry per school stage, and the compressed snapshot."""

    columns: dict[str, Any]
    schools: list[dict[str, Any]]
    snapshot: dict[str, bytes]


def judge(run: Run, material: Material) -> Judged:
    """The verdict on the material by the run's standard and exceptions.

    It is a trial when the run asks for one, when somebody's return is missing, or when findings block.
    """
    checked = api.Checked(material.facts, material.findings)
    evaluation = api.evaluate(checked, run.standard, exceptions=run.exceptions, is_trial=True)
    is_trial = evaluation.is_trial or run.source == Source.TRIAL or bool(material.missing)
    evaluation = replace(evaluation, is_trial=is_trial)
    packed, overview = api.pack(evaluation), api.overview(evaluation)
    levels = [finding.level for finding in material.findings]
    verdict = evaluation.verdict
    columns: dict[str, Any] = {
        "is_trial": is_trial,
        "outcome": verdict.outcome.value,
        "standard_version": verdict.standard_version,
        "standard_digest": verdict.standard_digest,
        "engine_version": verdict.engine_version,
        "verdict_digest": verdict.digest,
        "versions": [list(entry) for entry in material.versions],
        "missing": list(material.missing),
        "figures": {**overview.figures, "findings": {level.value: levels.count(level) for level in Level}},
        "summary": overview.summary,
    }
    columns["hash"] = run_hash(packed, source=run.source, versions=columns["versions"], missing=columns["missing"])
    snapshot = {name: zlib.compress(getattr(packed, name)) for name in ("facts", "standard", "verdict", "findings")}
    return Judged(columns, overview.schools, snapshot)


def run_hash(packed: api.Packed, *, source: str, versions: Sequence[Sequence[Any]], missing: Sequence[str]) -> str:
    """One hash over everything a run rests on and what came of it; the same inputs give the same hash.

    The verdict's own bytes name the standard with its version and digest, the engine, the exceptions and the facts' digest.
    """
    parts = [packed.facts, packed.standard, packed.verdict, packed.findings]
    return sha256_of(
        {
            "parts": [sha256_of(part.decode()) for part in parts],
            "is_trial": packed.is_trial,
            "source": source,
            "versions": [list(entry) for entry in versions],
            "missing": list(missing),
        }
    )
