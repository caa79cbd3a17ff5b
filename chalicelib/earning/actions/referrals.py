"""Referrals: news of the friend's orders, and the payment of both sides after the return window."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib import ledger, members
from chalicelib.earning.actions.claims import put_progress
from chalicelib.earning.actions.payouts import commit, credit_of
from chalicelib.earning.queries import referrals, tasks
from chalicelib.earning.rules import claims
from chalicelib.earning.rules import referrals as rules
from chalicelib.earning.rules.referrals import Promise, Referral, Seen
from chalicelib.earning.rules.tasks import REFERRAL
from chalicelib.earning.tables.referrals import DueReferralItem, ReferralItem
from chalicelib.kernel.clock import program_day, to_ms
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.ledger import Cause, Clawback, Entry, EntryExists

HOUR = timedelta(hours=1)
RULE = "referral"


def note_registered(friend_id: str) -> None:
    """Begin the referral of a new member, if somebody's code led them here. Idempotent."""

    def write() -> None:
        seen = referrals.referral_of(friend_id)
        if seen is not None and not seen.version:
            _put(seen, seen)

    with_fresh_reads(write)


def note_order(friend_id: str, order: Seen, now: datetime) -> None:
    """Take news of a member's order: it may be what their referral waits for, or go back after the
    payment. Idempotent, in any order."""

    def write() -> None:
        seen = referrals.referral_of(friend_id)
        if seen is None:
            return
        known = rules.with_order(seen, order)
        after = rules.moved(known, tasks.task_of(REFERRAL, to_ms(now)))
        if rules.is_undone(after):
            _undo(seen, after, now)
        elif after != seen or not seen.version:
            _put(seen, after)

    with_fresh_reads(write)


def _put(seen: Referral, after: Referral) -> None:
    writes = WriteSet()
    _add(writes, seen, after)
    writes.commit()


def _add(writes: WriteSet, seen: Referral, after: Referral) -> None:
    """Add the referral, and its place in the queue of what is due."""
    after = rules.next_of(seen, after)
    condition = unmoved(ReferralItem.version, seen.version or None)
    writes.put(ReferralItem.of(after), condition=condition)
    if seen.due_at_ms != after.due_at_ms:
        if seen.due_at_ms is not None:
            writes.delete(DueReferralItem.of(seen))
        if after.due_at_ms is not None:
            writes.put(DueReferralItem.of(after))


def sweep_referrals(now: datetime) -> int:
    """Pay the referrals whose return window is over: how many.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    now_ms = to_ms(now)
    due = referrals.due_referrals(now_ms, now_ms // int(HOUR.total_seconds() * 1000))

    def pay(item: DueReferralItem) -> bool:
        referrer, friend = item.names
        return pay_referral(referrer, friend, item.joined_at, now)

    done = each(due, pay, failed, name=lambda item: item.sk)
    raise_failed("referrals were not paid", failed)
    return done


def pay_referral(referrer_id: str, friend_id: str, joined_at_ms: int, now: datetime) -> bool:
    """Pay both sides of a referral that is due, in one transaction; whether it was paid."""

    def write() -> bool:
        seen = referrals.find_referral(referrer_id, friend_id, joined_at_ms)
        if seen.due_at_ms is None or seen.due_at_ms > to_ms(now) or seen.promise is None:
            return False
        writes = WriteSet()
        reason = _refusal(seen)
        if reason is not None:
            _add(writes, seen, rules.refused(seen, reason))
        else:
            _pay(writes, seen, seen.promise, now)
        commit(writes)
        return reason is None

    return with_fresh_reads(write)


def _refusal(seen: Referral) -> str | None:
    """Why a referral pays nobody: its two members are one, the friend was there before under
    another id, or they invited each other."""
    referrer, friend = members.current(seen.referrer_id), members.current(seen.friend_id)
    if referrer == friend or _was_member_before(friend, seen.joined_at_ms):
        return rules.SAME_MEMBER
    for own_id in members.ids_of(referrer):
        told = members.referred_by(own_id)
        if told is not None and members.current(told.referrer_id) == friend:
            return rules.RING
    if members.share_device(seen.referrer_id, seen.friend_id):
        return rules.SAME_DEVICE
    return None


def _was_member_before(friend_id: str, joined_at_ms: int) -> bool:
    """Whether the friend had another account already, which was merged since."""
    since = (members.registered_at(each) for each in members.ids_of(friend_id))
    return any(each is not None and each < joined_at_ms for each in since)


def _pay(writes: WriteSet, seen: Referral, promise: Promise, now: datetime) -> None:
    """Add both sides' points; beyond the limits of who invited, the friend's alone."""
    today = program_day(now)
    task = tasks.find_task(promise.task_id)
    progress = tasks.progress_of(seen.referrer_id, promise.task_id)
    is_over = task is not None and claims.limit_reached(task, progress, today) is not None
    gone = [each for each in (seen.referrer_id, seen.friend_id) if members.is_erased(each)]
    points = 0 if is_over or seen.referrer_id in gone else promise.points
    friend_points = 0 if seen.friend_id in gone else promise.terms.friend_points
    if points:
        put_progress(writes, progress, progress.paid_on(today))
        _credit(writes, seen.referrer_id, seen, points, now)
    if friend_points:
        _credit(writes, seen.friend_id, seen, friend_points, now)
    _add(writes, seen, rules.paid(seen, points, friend_points, to_ms(now)))


def _credit(writes: WriteSet, member_id: str, seen: Referral, points: int, now: datetime) -> None:
    assert seen.promise is not None, "what is due was promised"
    account = ledger.find_account(ledger.points_account(member_id))
    cause = Cause(rules.reference_of(seen), f"task:{seen.promise.task_id}", to_ms(now), RULE)
    ledger.accrue(writes, account, [credit_of(points, seen.promise.lots, cause, now)], now)


def _undo(seen: Referral, after: Referral, now: datetime) -> None:
    """Take both sides' points back: the order that counted has gone back."""
    writes = WriteSet()
    sides = [ledger.points_account(each) for each in (seen.referrer_id, seen.friend_id)]
    if members.current(seen.referrer_id) == members.current(seen.friend_id):
        # Both debts go to one account: they are two transactions.
        _undo_alone(sides.pop(), seen, now)
    for account_id in sides:
        _add_undone(writes, account_id, seen, now)
    _add(writes, seen, rules.undone(after))
    commit(writes)


def _undo_alone(account_id: str, seen: Referral, now: datetime) -> None:
    writes = WriteSet()
    _add_undone(writes, account_id, seen, now)
    with suppress(EntryExists):
        writes.commit()


def _add_undone(writes: WriteSet, account_id: str, seen: Referral, now: datetime) -> None:
    given = ledger.find_entry(account_id, rules.reference_of(seen))
    if given is not None:
        _take_back(writes, account_id, given, now)


def _take_back(writes: WriteSet, account_id: str, given: Entry, now: datetime) -> None:
    cause = Cause(f"{given.reference}:undone", given.source, to_ms(now), given.rule)
    clawback = Clawback(given, given.effect.from_outside, cause)
    ledger.claw_back_each(writes, ledger.find_account(account_id), [clawback], now)
