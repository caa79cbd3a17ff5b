"""Writes of rewards: earned in the transaction of what earns them, then paid by one of their own.

A crash between the two leaves the reward due, and the sweep pays it. Each payment has its number in
the reward and in its entry's reference, so nothing is paid twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import takewhile

from msgspec.structs import asdict

from chalicelib import audit, coupons, ledger, members
from chalicelib.audit import Act
from chalicelib.campaigns.errors import RewardNotRefused
from chalicelib.campaigns.queries import rewards as queries
from chalicelib.campaigns.rules import rewards as rules
from chalicelib.campaigns.rules.rewards import UNITS, Back, Promise, Reward, Sums
from chalicelib.campaigns.tables.rewards import ClosingItem, PromiseItem
from chalicelib.coupons import CouponExists
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Conflict, Moved, NotFound, or_not_found
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.ledger import Cause, Clawback, Credit, EntryExists

ERASED = "member_erased"


def pay(
    reward: Reward, member_id: str, reference: str, now: datetime, *, source: str = "reward"
) -> Promise:
    """Give a member a reward, at once or after its period: once by its reference, which is the
    answer if it stands already."""

    def write() -> Promise:
        found = queries.find_promise(member_id, reference)
        if found is None:
            writes = WriteSet()
            found = promise(writes, reward, member_id, reference, now, source=source)
            writes.commit()
        return found

    made = with_fresh_reads(write)
    return settle(member_id, reference, now) or made


def promise(
    writes: WriteSet,
    reward: Reward,
    member_id: str,
    reference: str,
    now: datetime,
    *,
    source: str,
    amount: int | None = None,
) -> Promise:
    """Add that a member has earned a reward, whole or worth `amount`; `settle` pays it after the
    commit, and the sweep if nobody does.

    The commit raises Moved if the reference stands already.
    """
    made = rules.promise(member_id, reference, reward, source, now, config().time_zone)
    if amount is not None:
        made = rules.worth(made, amount, to_ms(now))
    _put(writes, None, made)
    return made


def make_worth(writes: WriteSet, seen: Promise, amount: int, now: datetime) -> Promise:
    """Add that a reward is worth another amount now; 0 undoes it. What was paid beyond that is
    taken back by `settle`.

    The commit raises Moved if the reward has changed since.
    """
    if seen.amount == amount:
        return seen
    after = rules.worth(seen, amount, to_ms(now))
    _put(writes, seen, after)
    return after


def undo(member_id: str, reference: str, now: datetime) -> Promise | None:
    """Undo a reward: one that comes is gone, one that was paid is taken back. Safe to repeat."""

    def write() -> Promise | None:
        seen = queries.find_promise(member_id, reference)
        if seen is not None and seen.amount:
            writes = WriteSet()
            seen = make_worth(writes, seen, 0, now)
            writes.commit()
        return seen

    found = with_fresh_reads(write)
    return settle(member_id, reference, now) or found


def retry(member_id: str, reference: str, act: Act, now: datetime) -> tuple[Promise, bool]:
    """Try a reward again that was refused: (reward, replayed).

    Raises NotFound, RewardNotRefused, IdempotencyKeyReused.
    """

    def write() -> Promise:
        seen = or_not_found(queries.find_promise(member_id, reference))
        if seen.refused is None:
            raise RewardNotRefused(status=seen.state)
        writes = WriteSet()
        after = _put(writes, seen, rules.again(seen))
        audit.record_change(writes, act, seen, after)
        writes.commit()
        return after

    made, replayed = audit.once(act, write, lambda: queries.find_promise(member_id, reference))
    return settle(member_id, reference, now) or made, replayed


def settle(member_id: str, reference: str, now: datetime) -> Promise | None:
    """Pay what is due of a reward, or take back what is not its any more; None if nothing is to be
    done. Safe to repeat, and to call at any time."""
    return with_fresh_reads(lambda: _settle(member_id, reference, now))


def _settle(member_id: str, reference: str, now: datetime) -> Promise | None:
    seen = queries.find_promise(member_id, reference)
    if seen is None:
        return None
    if amount := rules.more_to_pay(seen, to_ms(now)):
        return _pay(seen, amount, now)
    if back := rules.to_take(seen):
        return _take_back(seen, back, now)
    is_known = seen.period is None or seen.noted == seen.counted
    return None if is_known else _note(seen)


def _pay(seen: Promise, amount: int, now: datetime) -> Promise:
    writes, paid_to = WriteSet(), members.current(seen.member_id)
    if members.is_erased(paid_to):
        return _refuse(seen, ERASED, now)
    try:
        _give(writes, seen, amount, paid_to, now)
        after = rules.after_payment(seen, amount, paid_to, to_ms(now))
        after = _put(writes, seen, after, noting=True)
        writes.commit()
    except (EntryExists, CouponExists) as error:
        raise Moved() from error
    except (Conflict, NotFound) as error:
        return _refuse(seen, error.code, now)
    return after


def _give(writes: WriteSet, seen: Promise, amount: int, paid_to: str, now: datetime) -> None:
    """Raises NotFound, CouponNotOffered, CouponsGone."""
    if seen.reward.kind in UNITS:
        _credit(writes, seen, amount, paid_to, now)
        return
    assert seen.reward.template_id is not None, "a coupon is of a template"
    # A coupon's reference is of all members.
    reference = f"{seen.member_id}:{rules.entry_reference(seen, rules.next_number(seen))}"
    coupons.grant(writes, seen.reward.template_id, paid_to, reference, now)


def _credit(writes: WriteSet, seen: Promise, amount: int, paid_to: str, now: datetime) -> None:
    unit = seen.reward.kind
    account = ledger.find_account(ledger.account_of(paid_to, unit))
    expires_at = ledger.expires_at(ledger.UNITS[unit].expires, now, config().time_zone)
    reference = rules.entry_reference(seen, rules.next_number(seen))
    cause = Cause(reference, seen.source, seen.at_ms, _rule(seen))
    ledger.accrue(writes, account, [Credit(amount, expires_at, cause)], now)


def _take_back(seen: Promise, back: Sequence[Back], now: datetime) -> Promise:
    """What was given in a coupon stays with the member: nothing says whether it was used."""
    writes = WriteSet()
    if seen.reward.kind in UNITS:
        _claw_back(writes, seen, back, now)
    after = rules.after_taking(seen, list(back), to_ms(now))
    after = _put(writes, seen, after, noting=True)
    try:
        writes.commit()
    except EntryExists as error:
        raise Moved() from error
    return after


def _claw_back(writes: WriteSet, seen: Promise, back: Sequence[Back], now: datetime) -> None:
    assert seen.paid_to is not None, "what was paid was paid to somebody"
    account_id = ledger.account_of(seen.paid_to, seen.reward.kind)
    account = ledger.find_account(account_id)
    clawbacks = []
    for each_back in back:
        accrual = ledger.find_entry(account_id, rules.entry_reference(seen, each_back.number))
        assert accrual is not None, "a payment has its entry"
        reference = rules.back_reference(seen, each_back)
        cause = Cause(reference, seen.source, to_ms(now), _rule(seen))
        clawbacks.append(Clawback(accrual, each_back.amount, cause))
    ledger.claw_back_each(writes, account, clawbacks, now)


def _rule(seen: Promise) -> str:
    """The kind of what gave it: `mission`, `board`, `trigger`, `campaign`."""
    return seen.source.partition(":")[0]


def _refuse(seen: Promise, code: str, now: datetime) -> Promise:
    writes = WriteSet()
    after = _put(writes, seen, rules.after_refusal(seen, code, to_ms(now)), noting=True)
    writes.commit()
    return after


def _note(seen: Promise) -> Promise:
    writes = WriteSet()
    after = _put(writes, seen, seen, noting=True)
    writes.commit()
    return after


def _put(
    writes: WriteSet, seen: Promise | None, after: Promise, *, noting: bool = False
) -> Promise:
    """Add the reward. With `noting` the sums of its closing run follow: a transaction that promises
    several rewards leaves that to the one that settles each."""
    sums = after.counted.plus(after.noted, -1)
    if noting and after.period is not None and sums != Sums():
        after = rules.noted(after)
        writes.update(
            ClosingItem.key(after),
            [
                ClosingItem.until.set(after.due_at_ms),
                *(
                    getattr(ClosingItem, name).add(more)
                    for name, more in asdict(sums).items()
                    if more
                ),
            ],
        )
    same = PromiseItem.version == seen.version if seen else PromiseItem.pk.does_not_exist()
    writes.put(PromiseItem.of(after), condition=same)
    return after


def sweep_rewards(now: datetime, is_over: Callable[[], bool]) -> int:
    """Settle the rewards whose time has come until the run is over; how many. The next run goes on,
    also after a crash.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    now_s = to_ms(now) // 1000
    due = takewhile(lambda _: not is_over(), queries.due_rewards(now_s))
    done = each(
        due,
        lambda named: settle(*named, now) is not None,
        failed,
        name=lambda named: named[1],
    )
    raise_failed("rewards were not paid", failed)
    return done
