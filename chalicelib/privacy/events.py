"""The function of exports, erasures and merges: it makes files that wait, erases who is due, and
goes on with merges that were cut off."""

from __future__ import annotations

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.members import Pair
from chalicelib.privacy import queries
from chalicelib.privacy.actions import erasure, exports, merging
from chalicelib.privacy.rules import Erasure

events = Blueprint(__name__)


@events.schedule(Rate(5, unit=Rate.MINUTES), name="answer_requests")
def answer_requests(_: CloudWatchEvent) -> dict[str, int]:
    """Make the exports that wait, erase the members whose time has come, and finish the merges that
    were cut off; how many. One that fails stops no other, and is tried again by the next run."""
    now, failed = clock.now(), list[Exception]()
    exported = each(
        list(queries.waiting_exports()), lambda one: exports.make_export(one, now), failed
    )

    def erase(due: Erasure) -> bool:
        return erasure.erase(due, now)

    erased = each(
        list(queries.due_erasures(to_ms(now))), erase, failed, name=lambda due: due.member_id
    )

    def merge(pair: Pair) -> bool:
        return merging.run_merge(pair, now)

    merged = each(
        list(queries.unfinished_merges()), merge, failed, name=lambda pair: pair.member_id
    )
    raise_failed("some requests of members failed", failed)
    return {"exported": exported, "erased": erased, "merged": merged}
