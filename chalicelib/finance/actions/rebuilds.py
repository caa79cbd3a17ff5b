"""Rebuild a settlement and compare it with the published files."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.finance.actions.files import MANIFEST
from chalicelib.finance.actions.publishing import digest, upload
from chalicelib.finance.actions.settlements import built
from chalicelib.finance.actions.workbook import WORKBOOK
from chalicelib.finance.errors import RebuildExists
from chalicelib.finance.facts import RebuildRequested
from chalicelib.finance.queries.rebuilds import find_rebuild
from chalicelib.finance.queries.settlements import find_settlement
from chalicelib.finance.rules.rebuilds import Compared, Rebuild
from chalicelib.finance.rules.settlements import Manifest, Settlement
from chalicelib.finance.tables.rebuilds import REBUILD, RebuildItem, rebuild_key
from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.queues import send
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal

_RECORD_EVERY = 10_000


def start_rebuild(asked: Rebuild, act: Act) -> tuple[Rebuild, bool]:
    """Request a rebuild: (rebuild, replayed). A replay sends the message again.

    Raises Unavailable if the message cannot be sent.
    """

    def write() -> Rebuild:
        writes = WriteSet()
        writes.put_new(RebuildItem.of(asked), or_raise=RebuildExists)
        audit.record(writes, act.changing({}, {"job": asked.id}))
        writes.commit()
        return asked

    made, replayed = replay_outranks_refusal(write, lambda: find_rebuild(asked.id))
    if made.differs is None:
        data = RebuildRequested(job_id=made.id)
        fact = Fact.of(f"{data.TYPE}:{made.id}", rfc3339_ms(made.asked_at_ms), data)
        send(config().finance.required("settlements_queue"), fact)
    return made, replayed


def run_rebuild(job_id: str) -> None:
    """Rebuild a settlement unless that is done, so a repeated message does no harm.

    Raises SettlementDoesNotTie.
    """
    asked = find_rebuild(job_id)
    if asked is None or asked.differs is not None:
        return
    published = find_settlement(asked.day, asked.currency)
    assert published is not None, "what is rebuilt was settled"
    compared = rebuild(published, _progress_recorder(job_id))
    item = RebuildItem(rebuild_key(job_id), REBUILD)
    item.update(
        [
            RebuildItem.differs.set(compared.differs),
            RebuildItem.kept.set(compared.kept),
            RebuildItem.lines.set(asked.of),
        ]
    )


def rebuild(published: Settlement, progress: Callable[[int], None] = lambda _: None) -> Compared:
    """Write the files again, compare them, and upload them; nothing is uploaded if any differs.

    A workbook of an earlier layout is compared in the bucket and left.

    Raises SettlementDoesNotTie.
    """
    manifest = published.manifest
    kept = () if manifest.has_current_workbook else (WORKBOOK,)
    laid_out = None if kept else manifest.workbook
    with built(manifest.day, manifest.currency, progress, laid_out) as (found, folder):
        differs = _differing(manifest, found.manifest, kept)
        if differs:
            count("SettlementDiffers", stage=config().stage)
            logger().error("a rebuild differs", settlement=published.id, files=differs)
        else:
            (folder / MANIFEST).write_bytes(manifest.text())
            upload(manifest, folder, kept)
    return Compared(differs, kept)


def _differing(published: Manifest, found: Manifest, kept: tuple[str, ...]) -> tuple[str, ...]:
    """The files that differ from the published ones; `kept` files are read from the bucket."""
    built_otherwise = {*published.differs_in(found)} - {*kept}
    lost = {name for name in kept if digest(published, name) != published.digest_of(name)}
    return tuple(sorted(built_otherwise | lost))


def _progress_recorder(job_id: str) -> Callable[[int], None]:
    """A callback that records a job's progress every _RECORD_EVERY lines."""
    done = said = 0

    def tell(lines: int) -> None:
        nonlocal done, said
        done += lines
        if done - said >= _RECORD_EVERY:
            said = done
            item = RebuildItem(rebuild_key(job_id), REBUILD)
            now_ms = to_ms(clock.now())
            item.update([RebuildItem.lines.set(done), RebuildItem.moved_at.set(now_ms)])

    return tell
