"""Units reserved for orders, and the invariants of stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from chalicelib import catalog
from chalicelib.orders.rules.orders import COMPLETED, PHYSICAL, UNDOES, VIRTUAL, Order

POOL, MOVEMENTS = "pool", "movements"


def unsent(order: Order) -> dict[str, int]:
    """Quantities by SKU that have not left us and have no refund: codes not handed out, services
    not used, goods in no parcel.
    """
    if order.status in UNDOES:
        return {}
    if order.way == PHYSICAL:
        return order.unshipped()
    is_gone = order.codes is not None if order.kind == VIRTUAL else order.status == COMPLETED
    left = {line.sku: line.left for line in order.lines if line.left and line.sku not in order.done}
    return {} if is_gone else left


def seats(order: Order) -> int:
    """Seats of a slot that an order holds: it keeps those that were used."""
    has_slot = order.booking is not None and order.booking.until_ms is not None
    if not has_slot or order.status in UNDOES or order.unreserved:
        return 0
    return sum(line.left for line in order.lines)


def slot_of(order: Order) -> str | None:
    """The id of the slot that an order was booked for."""
    booking = order.booking
    if booking is None or booking.until_ms is None:
        return None
    return catalog.slot_id_of(order.lines[0].product_id, booking.at_ms, order.store_id)


def reserved(order: Order) -> dict[str, int]:
    """Quantities by SKU reserved for an order, until they leave or go back."""
    return {} if order.unreserved else unsent(order)


def awaits_codes(order: Order) -> bool:
    """Whether codes are to be handed out: not twice, and not while a bank has the cash.

    The message comes once more when the mall wins the dispute.
    """
    if order.kind != VIRTUAL or order.codes is not None:
        return False
    return not order.disputed and not order.is_refunded


def waiting_for_codes(orders: Iterable[Order]) -> Counter[str]:
    """Codes by SKU reserved for orders and not handed out."""
    waiting: Counter[str] = Counter()
    for order in orders:
        if order.kind == VIRTUAL:
            waiting.update(reserved(order))
    return waiting


class Pool(NamedTuple):
    """A pool of codes: `free` codes, `available` units on sale, `waiting` units of orders.

    `taken_in` and `repairs` only grow.
    """

    sku: str
    free: int
    available: int
    waiting: int
    taken_in: int = 0
    repairs: int = 0

    @property
    def lost(self) -> int:
        """Free codes that nobody can buy; below 0, units without a code.

        No sale, refund, hand-out or import changes it, so a repair may run at any moment.
        """
        return self.free - self.available - self.waiting

    @property
    def sellable(self) -> int:
        """The units that may be on sale."""
        return max(0, self.available + self.lost)


class StockProblem(NamedTuple):
    """A violated invariant of stock: `code` names it."""

    sku: str
    code: str
    detail: str


def pool_problem(pool: Pool) -> StockProblem:
    what = (
        f"{pool.lost} are lost to sale"
        if pool.lost > 0
        else f"{-pool.lost} are sold without a code"
    )
    figures = f"{pool.free} codes are free, {pool.available} on sale, {pool.waiting} waited for"
    return StockProblem(pool.sku, POOL, f"{figures}: {what}")


def gap_problem(sku: str, gap: catalog.Gap) -> StockProblem:
    detail = f"those of shard {gap.shard} lead to {gap.expected} units, not {gap.found}"
    return StockProblem(sku, MOVEMENTS, detail)
