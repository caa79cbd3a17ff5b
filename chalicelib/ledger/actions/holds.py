"""Holds: set points aside, then capture or release them once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, was_written
from chalicelib.ledger import queries, rules
from chalicelib.ledger.actions.drafts import Draft
from chalicelib.ledger.errors import EntryExists, HoldEnded, HoldNotFound
from chalicelib.ledger.rules import Account, Cause, Entry, Hold, words
from chalicelib.ledger.rules.accounts import CAPTURE, RELEASE
from chalicelib.ledger.rules.holds import TIME_OUT, captured_by, status_of
from chalicelib.ledger.tables import HoldItem

Rule = Callable[[Account, Hold, Cause, int], tuple[Account, Entry]]


class Held(NamedTuple):
    """A hold, its end (None while it is open) and its status at the time of the call."""

    hold: Hold
    end: Entry | None
    status: str

    @property
    def captured(self) -> int:
        return captured_by(self.end) if self.end is not None else 0


def hold(
    writes: WriteSet,
    seen: Account,
    hold_id: str,
    points: int,
    expires_at: int,
    cause: Cause,
    now: datetime,
) -> Hold:
    """Add a hold of points until `expires_at` (epoch seconds).

    Raises InsufficientPoints, AccountFrozen, UnitMismatch.
    """
    draft = Draft(seen, now)
    account, entry, made = rules.hold(
        draft.account, hold_id, points, expires_at, cause, draft.now_ms
    )
    draft.add((account, entry))
    draft.record(writes)
    writes.put_new(HoldItem.of(made), or_raise=EntryExists)
    return made


def place_hold(
    account_id: str, hold_id: str, points: int, expires_at: int, cause: Cause, now: datetime
) -> tuple[Held, bool]:
    """Hold points until `expires_at` (epoch seconds): (the hold, replayed).

    Raises InsufficientPoints, AccountFrozen, UnitMismatch, IdempotencyKeyReused.
    """

    def write() -> Held:
        writes = WriteSet()
        seen = queries.find_account(account_id)
        made = hold(writes, seen, hold_id, points, expires_at, cause, now)
        writes.commit()
        return Held(made, None, status_of(made, None, to_ms(now)))

    def find() -> Held | None:
        made = queries.find_hold(hold_id)
        if made is None:
            return None
        if made.content != (cause.content or b""):
            raise IdempotencyKeyReused()
        return _as_of(made, now)

    return replay_outranks_refusal(write, find)


def show_hold(hold_id: str, now: datetime) -> Held:
    """A hold with its end and status.

    Raises HoldNotFound.
    """
    return _as_of(_hold(hold_id), now)


def capture_hold(hold_id: str, points: int | None, now: datetime) -> tuple[Held, bool]:
    """Capture a hold, in full or `points` of it; release the others: (hold, replayed).

    Raises HoldNotFound, HoldEnded, CaptureExceedsHold, HoldLapsed.
    """

    def capture(account: Account, held: Hold, cause: Cause, now_ms: int) -> tuple[Account, Entry]:
        return rules.capture(account, held, points, cause, now_ms)

    def same(held: Hold, end: Entry) -> bool:
        return end.type == CAPTURE and captured_by(end) == (points or held.points)

    return _end(hold_id, capture, same, None, now)


def release_hold(hold_id: str, now: datetime) -> tuple[Held, bool]:
    """Release a hold: (hold, replayed).

    Raises HoldNotFound, HoldEnded.
    """
    return _end(hold_id, rules.release, _is_release, None, now)


def time_out_hold(hold_id: str, now: datetime) -> bool:
    """Release a hold that has timed out and take it from the index; whether this call did."""
    made = queries.find_hold(hold_id)
    if made is None or not made.has_timed_out(to_ms(now)):
        return False
    ended = False
    try:
        _, replayed = _end(hold_id, rules.release, _is_release, TIME_OUT, now)
        ended = not replayed
    except HoldEnded:
        pass
    _remove_from_due(made)
    return ended


def _end(
    hold_id: str,
    rule: Rule,
    same: Callable[[Hold, Entry], bool],
    why: str | None,
    now: datetime,
) -> tuple[Held, bool]:
    made = _hold(hold_id)

    def write() -> Held:
        # Read the account first: an end between the two reads moves the account.
        seen = queries.find_account(made.account_id)
        if queries.find_entry(made.account_id, made.end_reference) is not None:
            raise _ended(_as_of(made, now))
        writes = WriteSet()
        draft = Draft(seen, now)
        cause = Cause(made.end_reference, made.source, draft.now_ms, why)
        end = draft.add(rule(draft.account, made, cause, draft.now_ms))
        draft.record(writes)
        writes.commit()
        return Held(made, end, status_of(made, end, draft.now_ms))

    def find() -> Held | None:
        found = _as_of(made, now)
        if found.end is None:
            return None
        if not same(made, found.end):
            raise _ended(found)
        return found

    return replay_outranks_refusal(write, find)


def _is_release(_: Hold, end: Entry) -> bool:
    return end.type == RELEASE


def _hold(hold_id: str) -> Hold:
    made = queries.find_hold(hold_id)
    if made is None:
        raise HoldNotFound()
    return made


def _as_of(made: Hold, now: datetime) -> Held:
    end = queries.find_entry(made.account_id, made.end_reference)
    return Held(made, end, status_of(made, end, to_ms(now)))


def _remove_from_due(made: Hold) -> None:
    """Take the hold from the index of due items. Idempotent."""
    item = HoldItem.of(made)
    was_written(
        lambda: item.update(
            [HoldItem.due_shard.remove(), HoldItem.due_at.remove()],
            condition=HoldItem.due_at.exists(),
        )
    )


def _ended(found: Held) -> HoldEnded:
    return HoldEnded(hold_status=found.status).telling(state=words.HOLD_NAMES[found.status])
