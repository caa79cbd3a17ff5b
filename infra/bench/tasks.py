"""A bookkeeper's day: use cases timed one at a time, requests counted, everything verified."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.cursors import PageQuery
from chalicelib.kernel.store.tables import connection
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Cause, Credit, queries
from chalicelib.ledger.actions import sweeps
from chalicelib.ledger.actions.verification import new_tally, prove_transfers
from chalicelib.ledger.routes import views
from chalicelib.ledger.tables import LedgerItem
from infra.bench.bookkeeper import milliseconds

DAY_S = 86_400
WARM_LOTS = 12
# Like `jifen verify`: DynamoDB Local sorts the rest of a segment for each page.
ITEMS_A_SEGMENT = 1000
Act = Callable[[], Any]


class Desk:
    """Accounts in turn, a clock that goes on a second with each use case, fresh references."""

    def __init__(self, accounts: Sequence[str], now: datetime) -> None:
        self._accounts = itertools.cycle(accounts)
        self._numbers = itertools.count()
        self.opened_at = self.now = now
        self.account_id = ""

    def turn(self) -> None:
        """Go on to the next account, a second later."""
        self.account_id = next(self._accounts)
        self.now += timedelta(seconds=1)

    def cause(self, kind: str) -> Cause:
        name = f"{kind}:bench-{next(self._numbers):020d}"
        return Cause(name, name, clock.to_ms(self.now), content=bytes(12))

    def credit(self, points: int, lapses_in_s: int) -> Credit:
        lapses_at = int(self.now.timestamp()) + lapses_in_s
        return Credit(points, lapses_at, self.cause("order_paid"))

    def accrue(self, credits: Sequence[Credit]) -> None:
        writes = WriteSet()
        ledger.accrue(writes, ledger.find_account(self.account_id), credits, self.now)
        writes.commit()

    def redeem(self, points: int) -> None:
        writes, cause = WriteSet(), self.cause("order")
        ledger.redeem(writes, ledger.find_account(self.account_id), points, cause, self.now)
        writes.commit()

    def hold(self) -> str:
        cause = self.cause("hold")
        until = int(self.now.timestamp()) + DAY_S
        ledger.place_hold(self.account_id, cause.source, 2, until, cause, self.now)
        return cause.source


_desks: list[Desk] = []


def open_desk(accounts: Sequence[str], now: datetime) -> None:
    """Work on these accounts from now on: each gets WARM_LOTS lots and more than a page of history.

    That is recorded two days before, so that nothing of it is new today.
    """
    desk = Desk(accounts, now - timedelta(days=2))
    for _ in accounts:
        desk.turn()
        for _ in range(2):
            desk.accrue([desk.credit(50_000, (90 + 30 * n) * DAY_S) for n in range(WARM_LOTS)])
    desk.opened_at = desk.now = now
    _desks[:] = [desk]


def timed(use_case: str) -> float:
    """Milliseconds of one use case on the next account."""
    desk = _desks[0]
    desk.turn()
    act = USE_CASES[use_case](desk)
    began = time.perf_counter()
    act()
    return milliseconds(began)


def _balance(desk: Desk) -> Act:
    return lambda: views.balance(ledger.find_account(desk.account_id), desk.now)


def _history(desk: Desk) -> Act:
    return lambda: queries.history(
        desk.account_id, PageQuery(), entry_type=None, since=None, until=None, view=views.entry_view
    )


def _as_of(desk: Desk) -> Act:
    yesterday_ms = clock.to_ms(desk.opened_at - timedelta(days=1))
    return lambda: queries.account_at(desk.account_id, yesterday_ms)


def _accrue(desk: Desk) -> Act:
    return lambda: desk.accrue([desk.credit(10, 400 * DAY_S)])


def _redeem(desk: Desk) -> Act:
    return lambda: desk.redeem(1)


def _transfer(desk: Desk) -> Act:
    giver, cause = desk.account_id, desk.cause("transfer")
    desk.turn()
    return lambda: ledger.transfer(giver, desk.account_id, 1, cause, desk.now)


def _hold(desk: Desk) -> Act:
    return desk.hold


def _capture(desk: Desk) -> Act:
    hold_id = desk.hold()
    return lambda: ledger.capture_hold(hold_id, 1, desk.now)


def _release(desk: Desk) -> Act:
    hold_id = desk.hold()
    return lambda: ledger.release_hold(hold_id, desk.now)


def _expire(desk: Desk) -> Act:
    desk.accrue([desk.credit(3, 1)])
    desk.now += timedelta(seconds=2)
    return lambda: ledger.expire(desk.account_id, desk.now)


USE_CASES: dict[str, Callable[[Desk], Act]] = {
    "balance": _balance,
    "history page": _history,
    "accrue": _accrue,
    "balance as of yesterday": _as_of,
    "redeem": _redeem,
    "transfer": _transfer,
    "hold": _hold,
    "capture": _capture,
    "release": _release,
    "expiry of one account": _expire,
}


def verify() -> tuple[int, int, int, float]:
    """The whole ledger verified in this process: (accounts, entries, problems, milliseconds)."""
    began = time.perf_counter()
    client: Any = connection().client
    items = client.describe_table(TableName=LedgerItem.Meta.table_name)["Table"]["ItemCount"]
    segments = -(-items // ITEMS_A_SEGMENT)
    tally = new_tally(clock.now())
    queries.prove_segments(tally, range(segments), segments, None, lambda: False)
    prove_transfers(tally)
    return tally.accounts, tally.entries, tally.found, milliseconds(began)


def expire(now: datetime) -> tuple[int, int, float]:
    """A run of the hourly expiry: (accounts that were due, requests, milliseconds)."""
    counted, lock = [0], threading.Lock()

    def count(**_: Any) -> None:
        with lock:
            counted[0] += 1

    events = connection().client.meta.events
    events.register("before-call.dynamodb", count)
    try:
        began = time.perf_counter()
        return sweeps.expire_accounts(now), counted[0], milliseconds(began)
    finally:
        events.unregister("before-call.dynamodb", count)
