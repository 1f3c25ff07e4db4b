"""The evaluation of a finished run, rebuilt from its snapshot without judging again."""

import zlib

from django.utils.translation import gettext as _

from junheng import api
from junheng.core.errors import EngineError, InputError
from junheng.web.evaluations.judging import run_hash
from junheng.web.evaluations.kept import Kept
from junheng.web.evaluations.models import Run, Snapshot

_MOST = 8
"""Evaluations kept in memory; a county of 120 schools takes some 10 MB."""

_kept: Kept[api.Evaluation] = Kept(_MOST)


def evaluation_of(run: Run) -> api.Evaluation:
    """The evaluation of a finished run, from memory or from its snapshot.

    InputError when the run has not finished; EngineError when the snapshot does not hash to what the run says.
    """
    if not run.is_finished:
        raise InputError(_("这次评估还没有完成。"))
    return _kept.get(run.hash, lambda: api.unpack(packed_of(run)))


def packed_of(run: Run) -> api.Packed:
    """The parts of a finished run as they were kept; EngineError when they are not those the run was hashed with."""
    snapshot = Snapshot.objects.get(run=run)
    try:
        packed = api.Packed(
            facts=zlib.decompress(snapshot.facts),
            standard=zlib.decompress(snapshot.standard),
            verdict=zlib.decompress(snapshot.verdict),
            findings=zlib.decompress(snapshot.findings),
            is_trial=run.is_trial,
        )
    except zlib.error as error:
        raise EngineError(_("评估 %(run)s 的快照已损坏。") % {"run": run.pk}) from error
    if run_hash(packed, source=run.source, versions=run.versions, missing=run.missing) != run.hash:
        raise EngineError(_("评估 %(run)s 的快照与它的校验值不一致，可能被改动，请联系管理员。") % {"run": run.pk})
    return packed
