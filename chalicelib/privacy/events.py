"""The function of exports and erasures: it makes files that wait, and erases who is due."""

from __future__ import annotations

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.privacy import queries
from chalicelib.privacy.actions import erasure, exports
from chalicelib.privacy.rules import Erasure

events = Blueprint(__name__)


@events.schedule(Rate(5, unit=Rate.MINUTES), name="answer_requests")
def answer_requests(_: CloudWatchEvent) -> dict[str, int]:
    """Make the exports that wait, and erase the members whose time has come; how many. One that
    fails stops no other, and is tried again by the next run."""
    now, failed = clock.now(), list[Exception]()
    exported = each(
        list(queries.waiting_exports()), lambda one: exports.make_export(one, now), failed
    )

    def erase(due: Erasure) -> bool:
        return erasure.erase(due, now)

    erased = each(
        list(queries.due_erasures(to_ms(now))), erase, failed, name=lambda due: due.member_id
    )
    raise_failed("some requests of members failed", failed)
    return {"exported": exported, "erased": erased}
