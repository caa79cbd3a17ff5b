"""Lines of a settlement: the row of a movement of points or money in each sheet."""

from __future__ import annotations

from datetime import tzinfo
from typing import NamedTuple

import msgspec

from chalicelib.kernel import clock
from chalicelib.kernel.csv_cells import Row
from chalicelib.kernel.money import major
from chalicelib.ledger import Entry
from chalicelib.payments import CashEntry, journal

REDEEMED, POINTS = "redeemed", "points"
ORDER = "order:"
# The flow in totals for each contra account of an entry.
FLOWS = {
    "issued": "accrued",
    "redeemed": "redeemed",
    "expired": "expired",
    "transfers": "transferred",
    "adjusted": "adjusted",
    "written_off": "written_off",
}


class Good(NamedTuple):
    """A quantity of one SKU, with the titles at the time of sale."""

    sku: str
    title_zh: str
    title_en: str
    quantity: int


class SoldOrder(msgspec.Struct, frozen=True):
    """An order as it was placed: its points, its cash, the cost of its goods.

    Money is minor units of `currency`; `freight` is the part of `cash` that no goods are had for.
    `cost` is None if the cost of any line is unknown. `states`
    are (since, in epoch milliseconds; state) in the order of writing; nothing else changes once
    points or cash have moved.
    """

    points: int
    cash: int
    currency: str
    cost: int | None
    member: str = ""
    placed_at_ms: int = 0
    method: str | None = None
    goods: tuple[Good, ...] = ()
    states: tuple[tuple[int, str], ...] = ()
    freight: int = 0

    def state_at(self, end_ms: int) -> str:
        """The state when a day ended."""
        before = [state for since_ms, state in self.states if since_ms < end_ms]
        return before[-1] if before else ""


def local_time(at_ms: int, zone: tzinfo) -> str:
    """An instant in the program's time zone: `2026-11-21T08:00:00.000+08:00`."""
    return clock.from_ms(at_ms).astimezone(zone).isoformat(timespec="milliseconds")


def points_row(entry: Entry, zone: tzinfo) -> Row:
    """A movement of points between the program and a member."""
    contra = entry.effect.contra
    assert contra is not None, "only what moves points in or out is settled"
    return (
        local_time(entry.recorded_at_ms, zone),
        local_time(entry.occurred_at_ms, zone),
        entry.account_id,
        entry.account_id.partition(":")[2],
        FLOWS[contra],
        entry.type,
        entry.reference,
        entry.source,
        entry.rule or "",
        entry.effect.from_outside,
        entry.seq,
    )


def _about(entry: CashEntry, zone: tzinfo) -> Row:
    """The columns that every line of a movement begins with."""
    return (
        local_time(entry.recorded_at_ms, zone),
        local_time(entry.occurred_at_ms, zone),
        entry.type,
        entry.reference,
        entry.transaction or "",
        entry.source,
        entry.currency,
    )


def cash_row(entry: CashEntry, zone: tzinfo) -> Row:
    """A movement of money, with its amount on each account."""
    amount = amount_moved(entry)
    return (
        *_about(entry, zone),
        amount,
        major(amount, entry.currency),
        *(entry.on(each) for each in journal.ACCOUNTS),
    )


def amount_moved(entry: CashEntry) -> int:
    """The amount before fees: above 0 in, below 0 out.

    Between our own accounts it is the amount that reached the bank.
    """
    came = sum(entry.on(own) for own in (journal.PROVIDER, journal.BANK, journal.CARRIERS))
    return came + entry.on(journal.FEES) or entry.on(journal.BANK)


def fee_row(entry: CashEntry, zone: tzinfo) -> Row:
    """The provider's fee; below 0 if it was returned."""
    fee = entry.on(journal.FEES)
    return (
        *_about(entry, zone),
        fee,
        major(fee, entry.currency),
    )


def is_redemption(entry: Entry) -> bool:
    """Whether points were spent on goods, or returned from goods."""
    return entry.effect.contra == REDEEMED and entry.account_id.endswith(f":{POINTS}")


def order_of(source: str) -> str | None:
    """The id of the order that a movement belongs to."""
    return source.removeprefix(ORDER) if source.startswith(f"{ORDER}ord_") else None


def redemption_row(entry: Entry, sold: SoldOrder | None, currency: str, zone: tzinfo) -> Row:
    """Points spent (above 0) or returned (below 0), with their share of the cost of goods.

    An order in another currency, or from before costs were stored, has no known cost. Freight in
    cash pays a carrier: it bears no cost of the goods.
    """
    points = -entry.effect.from_outside
    cost, points_cost, costed = 0, 0, 0
    if sold and sold.cost is not None and sold.points and sold.currency == currency:
        cost = _share(sold.cost, points, sold.points)
        borne = sold.cost - (sold.cash - sold.freight)
        points_cost = _share(borne, points, sold.points)
        costed = points
    return (
        local_time(entry.recorded_at_ms, zone),
        entry.source,
        entry.type,
        entry.reference,
        points,
        currency,
        0,
        major(0, currency),
        cost,
        major(cost, currency),
        points_cost,
        costed,
    )


def sale_row(entry: CashEntry, sold: SoldOrder | None, zone: tzinfo) -> Row:
    """Cash paid for an order (above 0) or refunded (below 0).

    Goods bought without points carry their cost here.
    """
    cash, cost = -entry.on(journal.SALES), 0
    if sold and sold.cost is not None and not sold.points and sold.cash:
        cost = _share(sold.cost, cash, sold.cash)
    return (
        local_time(entry.recorded_at_ms, zone),
        entry.source,
        entry.type,
        entry.reference,
        0,
        entry.currency,
        cash,
        major(cash, entry.currency),
        cost,
        major(cost, entry.currency),
        0,
        0,
    )


def _share(whole: int, part: int, of: int) -> int:
    """`whole` x `part` / `of`, rounded towards 0, so that a full return is exact."""
    product = whole * part
    share = abs(product) // of
    return share if product > 0 else -share
