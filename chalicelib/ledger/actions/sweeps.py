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
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.ledger import queries
from chalicelib.ledger.actions.expiry import expire
from chalicelib.ledger.actions.holds import time_out_hold
from chalicelib.ledger.actions.movements import unlock
from chalicelib.ledger.actions.reminders import remind
from chalicelib.ledger.actions.transfers import return_gift
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

    def run(shard: str, failed: list[Exception]) -> int:
        accounts = queries.accounts_to_remind(shard, _seconds(now))
        return each(accounts, lambda account_id: remind(account_id, now), failed)

    return _in_shards(due_shards(EXPIRIES), run)


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


def _seconds(now: datetime) -> int:
    return clock.to_ms(now) // 1000
