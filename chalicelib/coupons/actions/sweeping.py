"""What time does to coupons: reminders and lapses, late reservations and gifts, unfinished jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from pynamodb.expressions.update import Action

from chalicelib import members
from chalicelib.coupons.actions import codes, grants, reservations, transfers
from chalicelib.coupons.queries import coupons as queries
from chalicelib.coupons.queries import jobs
from chalicelib.coupons.queries import transfers as gifts
from chalicelib.coupons.rules.coupons import AVAILABLE, EXPIRED, RESERVED, TRANSFERRED, Coupon
from chalicelib.coupons.rules.jobs import CODES
from chalicelib.coupons.tables.coupons import CouponItem, due_s
from chalicelib.kernel import sweeps
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import update_alone

# Of one run: the next one goes on.
MOST_COUPONS = 20_000
# An order or a gift has it: looked at again once that may be over.
_AGAIN = timedelta(hours=6)


def sweep_coupons(now: datetime) -> dict[str, int]:
    """Settle all that is due: how many of each kind.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    now_s = to_ms(now) // 1000

    def each(due: Iterator[str], act: Callable[[str, datetime], bool]) -> int:
        # What is settled leaves the index while it is read.
        found = list(islice(due, MOST_COUPONS))
        return sweeps.each(found, lambda thing: act(thing, now), failed)

    done = {
        "reservations": each(gifts.due_reservations(now_s), reservations.time_out),
        "gifts": each(gifts.due_gifts(now_s), settle_gift),
        "coupons": each(queries.due_coupons(now_s), settle),
        "jobs": each(jobs.due_jobs(now_s), run_job),
    }
    sweeps.raise_failed("coupons were not all settled", failed)
    return done


def settle_gift(transfer_id: str, now: datetime) -> bool:
    """End a gift whose friend is there, or whose time is over; whether it ended."""
    gift = gifts.find_transfer(transfer_id)
    if gift is None:
        return False
    holder = members.member_with(gift.claimant) if gift.claimant else None
    return transfers.settle(transfer_id, holder, now)


def settle(coupon_id: str, now: datetime) -> bool:
    """Remind a member of a coupon that lapses soon, or write down that it has; whether something
    was done. A used one leaves the index."""
    coupon = queries.find_coupon(coupon_id)
    if coupon is None:
        return False
    now_ms = to_ms(now)
    status = coupon.status_at(now_ms)
    if status == EXPIRED and coupon.status != EXPIRED:
        return _write(coupon, None, now_ms, lapsed=True)
    if status in (RESERVED, TRANSFERRED) and coupon.valid_until_ms <= now_ms:
        return _write(coupon, to_ms(now + _AGAIN), now_ms)
    if status in (AVAILABLE, RESERVED, TRANSFERRED):
        return _write(coupon, coupon.valid_until_ms, now_ms, reminds=status == AVAILABLE)
    return _write(coupon, None, now_ms)


def _write(
    coupon: Coupon, due_ms: int | None, now_ms: int, *, lapsed: bool = False, reminds: bool = False
) -> bool:
    """Write when to look at a coupon again, and what this look found; the relay tells of it."""
    kind = CouponItem
    changes: list[Action]
    if due_ms is None:
        changes = [kind.due_shard.remove(), kind.due_at.remove()]
    else:
        changes = [kind.due_at.set(due_s(due_ms))]
    if lapsed:
        changes.append(kind.status.set(EXPIRED))
        changes += [kind.version.set(coupon.version + 1), kind.held_until.remove()]
    if reminds:
        changes.append(kind.reminded_at.set(now_ms))
    key = CouponItem.key(coupon.id)
    return update_alone(key, changes, condition=kind.version == coupon.version)


def run_job(job_id: str, now: datetime) -> bool:
    """Go on with a job of ops for a while; whether it is over."""
    job = jobs.find_job(job_id)
    if job is None or job.finished_ms is not None:
        return False
    # Another run may be at it.
    with suppress(Moved):
        if job.job_kind == CODES:
            return codes.write_file(job, now)
        while job is not None and job.finished_ms is None:
            if grants.go_on(job, now):
                return True
            job = jobs.find_job(job_id)
    return False
