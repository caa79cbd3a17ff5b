"""Facts of risk: who used a device or a network, and whom to look at again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.kernel import clock
from chalicelib.kernel.clock import program_day, to_ms
from chalicelib.kernel.store.writes import WriteSet, delete_each, update_alone, was_written
from chalicelib.risk.queries.evidence import members_on
from chalicelib.risk.rules.evidence import DAY_MS, NETWORK_DAYS, WINDOW_DAYS
from chalicelib.risk.tables import DEVICE, USE, DueItem, UseItem, due_shard, member_key, network_key

# What comes within this time of a first fact is looked at together.
GATHERED = timedelta(minutes=2)
_KEPT_LONGER = timedelta(days=2)
_MARK_BITS = 48


def note_use(member_id: str, device: str | None, network: str | None, at: datetime) -> None:
    """Note the device (a keyed hash) and the network of a sign-in, and ask for an assessment: of
    the others on a device, too, when somebody joins them there.

    The same again is the same: each item has the time of the use alone.
    """
    if network:
        until = at + timedelta(days=NETWORK_DAYS) + _KEPT_LONGER
        _note(network_key(program_day(at).isoformat(), network), member_id, at, until)
    if device:
        until = at + timedelta(days=WINDOW_DAYS) + _KEPT_LONGER
        others = members_on(DEVICE + device, to_ms(at) - WINDOW_DAYS * DAY_MS)
        if member_id not in others:
            # Asked for first: once the use is noted, a retry after a crash does not know that it
            # is new. The use is there before the time of the assessment.
            for each in sorted(others):
                ask(each, clock.now())
        _note(DEVICE + device, member_id, at, until)
    ask(member_id, at)


def _note(partition: str, member_id: str, at: datetime, until: datetime) -> None:
    _put_newest(partition, member_id, to_ms(at), int(until.timestamp()))


def _put_newest(partition: str, member_id: str, at_ms: int, ttl: int) -> None:
    """Put a use under its own key and under its member's. A late one does not undo a newer."""
    said = [UseItem.at.set(at_ms), UseItem.ttl.set(ttl)]
    older = UseItem.at.does_not_exist() | (UseItem.at < at_ms)
    for key in (UseItem(partition, member_id), UseItem(member_key(member_id), USE + partition)):
        update_alone(key, said, condition=older)


def move_uses(member_id: str, into: str) -> None:
    """Let all uses of a member who was merged be the other's: one person is counted once. Safe to
    repeat."""
    for row in UseItem.query(member_key(member_id), UseItem.sk.startswith(USE)):
        partition = row.sk.removeprefix(USE)
        _put_newest(partition, into, row.at, row.ttl)
        delete_each([UseItem(partition, member_id), UseItem(row.pk, row.sk)])


def ask(member_id: str, now: datetime) -> None:
    """Ask for an assessment soon: one write unit, two more where none is asked for so soon."""
    due_at = int((now + GATHERED).timestamp())
    key, marked = DueItem.key(member_id), _mark()
    later = DueItem.due_at.does_not_exist() | (DueItem.due_at > due_at)
    # An assessment may end between the two.
    while not (
        update_alone(key, [marked, *_due(member_id, due_at)], condition=later)
        or update_alone(key, [marked], condition=DueItem.due_at <= due_at)
    ):
        pass


def add_ask(writes: WriteSet, member_id: str, now: datetime) -> None:
    """Add the same: what the commit begins is ended by the sweep if a crash cuts it off."""
    due_at = int((now + GATHERED).timestamp())
    writes.update(DueItem.key(member_id), [_mark(), *_due(member_id, due_at)])


def end_ask(seen: DueItem, member_id: str) -> None:
    """Ask no more, unless something was said since `seen`."""
    was_written(lambda: DueItem.key(member_id).delete(condition=DueItem.mark == seen.mark))


def defer_ask(seen: DueItem, member_id: str, until: datetime) -> None:
    """Ask again at a time, unless something was said since `seen`."""
    due = _due(member_id, int(until.timestamp()))
    update_alone(DueItem.key(member_id), due, condition=DueItem.mark == seen.mark)


def _due(member_id: str, due_at: int) -> Sequence[Action]:
    return [DueItem.due_shard.set(due_shard(member_id)), DueItem.due_at.set(due_at)]


def _mark() -> Action:
    return DueItem.mark.set(secrets.randbits(_MARK_BITS))
