"""Sweeps of due items, shard by shard, from the index of due items.

Each item is a transaction of its own and leaves the index when it is done. The next run continues
a run that was cut off. A sweep never reads an item before it is due.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339, rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, publish
from chalicelib.kernel.store.writes import with_fresh_reads
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.ledger import queries
from chalicelib.ledger.actions.expiry import expire
from chalicelib.ledger.actions.holds import time_out_hold
from chalicelib.ledger.actions.movements import unlock
from chalicelib.ledger.actions.standing import mark_reminded
from chalicelib.ledger.actions.transfers import return_gift
from chalicelib.ledger.facts import PointsExpiring
from chalicelib.ledger.rules.reminders import Reminder, due_reminders
from chalicelib.ledger.tables import EXPIRIES, PENDING, RETURNS, TIME_OUTS, UNLOCKS, due_shards

Sweep = Callable[[str, str, datetime], bool]


def expire_accounts(now: datetime) -> int:
    """Record the expiry of every account with lapsed points; return the number of accounts.

    Raises ExceptionGroup of the failures, after the other accounts are done.
    """
    return _sweep({EXPIRIES: _expire}, now)


def end_waiting(now: datetime) -> int:
    """Time out holds, unlock pending points, return unclaimed gifts; return their number.

    Raises ExceptionGroup of the failures, after the other items are done.
    """
    return _sweep({TIME_OUTS: _time_out, UNLOCKS: _unlock, RETURNS: _return}, now)


def remind_accounts(now: datetime) -> int:
    """Publish each account's reminders that are due now; return their number.

    A run that is cut off before it marks an account publishes again, under the same notice id.

    Raises ExceptionGroup of the failures, after the other accounts are done.
    """

    def remind(shard: str, failed: list[Exception]) -> int:
        accounts = queries.accounts_to_remind(shard, _seconds(now))
        return each(accounts, lambda account_id: _remind(account_id, now), failed)

    return _in_shards(due_shards(EXPIRIES), remind)


def _sweep(kinds: dict[str, Sweep], now: datetime) -> int:
    shards = {shard: end for kind, end in kinds.items() for shard in due_shards(kind)}

    def sweep(shard: str, failed: list[Exception]) -> int:
        end = shards[shard]
        keys = queries.due_keys(shard, _seconds(now))
        return each(keys, lambda key: end(key[0], key[1], now), failed)

    return _in_shards(list(shards), sweep)


def _in_shards(shards: list[str], run: Callable[[str, list[Exception]], int]) -> int:
    failed: dict[str, list[Exception]] = {shard: [] for shard in shards}
    with ThreadPoolExecutor(len(due_shards(EXPIRIES))) as threads:
        done = list(threads.map(lambda shard: run(shard, failed[shard]), shards))
    # In the order of the shards, whichever thread ended first.
    raise_failed("some due items failed", [*chain(*failed.values())])
    return sum(done)


def _expire(pk: str, _: str, now: datetime) -> bool:
    return expire(pk.removeprefix("ACC#"), now) is not None


def _time_out(pk: str, _: str, now: datetime) -> bool:
    return time_out_hold(pk.removeprefix("HLD#"), now)


def _unlock(pk: str, sk: str, now: datetime) -> bool:
    return unlock(pk.removeprefix("ACC#"), sk.removeprefix(PENDING), now) is not None


def _return(pk: str, sk: str, now: datetime) -> bool:
    escrow = queries.find_escrow(pk.removeprefix("ESC#"), sk)
    return escrow is not None and return_gift(escrow, now) is not None


def _remind(account_id: str, now: datetime) -> int:
    def attempt() -> int:
        account = queries.find_account(account_id)
        reminders = due_reminders(account, config().ledger.reminder_days, to_ms(now))
        publish([_fact(account_id, reminder, now) for reminder in reminders])
        mark_reminded(account, _seconds(now))
        return len(reminders)

    return with_fresh_reads(attempt)


def _fact(account_id: str, reminder: Reminder, now: datetime) -> Fact[PointsExpiring]:
    member_id, _, unit = account_id.partition(":")
    data = PointsExpiring(
        member_id=member_id,
        unit=unit,
        points=reminder.points,
        expires_at=rfc3339_ms(reminder.expires_at * 1000),
        days=reminder.days,
    )
    name = f"expiring:{account_id}:{reminder.expires_at}:{reminder.days}"
    return Fact.of(name, rfc3339(now), data)


def _seconds(now: datetime) -> int:
    return clock.to_ms(now) // 1000
