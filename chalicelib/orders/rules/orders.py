"""Orders and their states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from chalicelib.kernel.errors import Words
from chalicelib.orders.errors import DISPUTE_LOST, MixedKinds, OrderDisputed
from chalicelib.orders.rules.bookings import Booking
from chalicelib.orders.rules.cash import CashEvent, OrderFreight, Refund, is_lost
from chalicelib.orders.rules.return_marks import ReturnMark
from chalicelib.orders.rules.words import not_allowed

PHYSICAL, VIRTUAL, SERVICE = "physical", "virtual", "service"
# Goods that the member fetches at a store, in place of `physical` in the table of states.
PICKUP = "pickup"

AWAITING_PAYMENT = "awaiting_payment"
AWAITING_REVIEW, IN_REVIEW, APPROVED = "awaiting_review", "in_review", "approved"
REJECTED, SHIPPED, DELIVERED = "rejected", "shipped", "delivered"
COMPLETED, CANCELLED = "completed", "cancelled"

# The state of an order that is paid, or due on delivery.
FIRST_STATUS = {PHYSICAL: AWAITING_REVIEW, VIRTUAL: COMPLETED, SERVICE: APPROVED}

# (act, way or None for any, state before) -> state after
NEXT = {
    ("pay", PHYSICAL, AWAITING_PAYMENT): AWAITING_REVIEW,
    ("pay", PICKUP, AWAITING_PAYMENT): AWAITING_REVIEW,
    ("pay", VIRTUAL, AWAITING_PAYMENT): COMPLETED,
    ("pay", SERVICE, AWAITING_PAYMENT): APPROVED,
    ("cancel", None, AWAITING_PAYMENT): CANCELLED,
    ("time_out", None, AWAITING_PAYMENT): CANCELLED,
    ("cancel", None, AWAITING_REVIEW): CANCELLED,
    ("take", None, AWAITING_REVIEW): IN_REVIEW,
    ("approve", None, IN_REVIEW): APPROVED,
    ("reject", None, IN_REVIEW): REJECTED,
    ("ship", PHYSICAL, APPROVED): SHIPPED,
    ("use", SERVICE, APPROVED): COMPLETED,
    ("use", PICKUP, APPROVED): COMPLETED,
    ("lapse", SERVICE, APPROVED): COMPLETED,
    ("lapse", PICKUP, APPROVED): COMPLETED,
    ("miss", SERVICE, APPROVED): APPROVED,
    ("reschedule", SERVICE, APPROVED): APPROVED,
    ("deliver", None, SHIPPED): DELIVERED,
    ("confirm", None, SHIPPED): COMPLETED,
    ("confirm", None, DELIVERED): COMPLETED,
}
KINDS = frozenset(FIRST_STATUS)
STATUSES = frozenset(NEXT.values()) | {before for _, _, before in NEXT}
# Final states.
ENDED = STATUSES - {before for _, _, before in NEXT}
COD = "cod"
UNDOES = {CANCELLED, REJECTED}
PAID_WITHIN_MS = 30 * 60 * 1000
MAX_LINES = 30


class OrderLine(msgspec.Struct, frozen=True, array_like=True):
    """Units of one SKU at the price of the day: `points`, `cash` and `cost` of the whole line.

    `refunded` of its units have a refund. `per_member`, `per_day` and `per_month` are the limits by
    which they were counted.
    """

    sku: str
    product_id: str
    title_zh: str
    title_en: str
    quantity: int
    points: int
    per_member: int | None = None
    cash: int = 0
    cost: int | None = None
    refunded: int = 0
    per_day: int | None = None
    per_month: int | None = None

    @property
    def title(self) -> Words:
        return Words(self.title_zh, self.title_en)

    @property
    def left(self) -> int:
        """Units without a refund."""
        return self.quantity - self.refunded


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One change of state: its actor, time, and digests of its key and content (12 bytes)."""

    status: str
    at_ms: int
    by: str
    note: str | None = None
    actor: str | None = None
    key: bytes | None = None
    content: bytes | None = None


class Parcel(msgspec.Struct, frozen=True):
    """A parcel: quantities by SKU."""

    carrier: str
    tracking_number: str
    quantities: dict[str, int]


class Order(msgspec.Struct, frozen=True):
    """An order. `points` and `cash` are sums of its lines and freight; `content` is a digest of its
    request; `note` is what its member wrote, sealed.

    `paid` is the charge that paid it, or `cod` once a carrier collected the cash. `declined` is the
    provider's code of the last failed payment. `disputed`: a bank has the cash; `dispute_steps`
    counts the known steps of its disputes. `unsettled`: the order is dead, and may still be paid at
    the provider. `unreserved`: a lost dispute put its units on sale again. `cash_events` are events
    of its money beside its states. `unapplied` are refunds of money that it did not take.
    `store_id` is where it is used or fetched; `done` are SKUs whose vouchers have ended before all.
    `discounted`: something lowered its price, and it keeps what (`Discounts`).
    """

    id: str
    member_id: str
    kind: str
    status: str
    version: int
    lines: tuple[OrderLine, ...]
    points: int
    created_at_ms: int
    content: bytes
    address: bytes | None = None
    booking: Booking | None = None
    steps: tuple[Step, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    codes: bytes | None = None
    cash: int = 0
    currency: str | None = None
    method: str | None = None
    paid: str | None = None
    declined: str | None = None
    refunds: tuple[Refund, ...] = ()
    disputed: bool = False
    dispute_steps: int = 0
    unsettled: bool = False
    cash_events: tuple[CashEvent, ...] = ()
    unapplied: tuple[Refund, ...] = ()
    unreserved: bool = False
    freight: OrderFreight | None = None
    note: bytes | None = None
    returns: tuple[ReturnMark, ...] = ()
    store_id: str | None = None
    done: tuple[str, ...] = ()
    discounted: bool = False

    @property
    def way(self) -> str:
        """How it is fulfilled: its kind, or `pickup`."""
        return PICKUP if self.kind == PHYSICAL and self.store_id else self.kind

    @property
    def points_refunded(self) -> int:
        return sum(refund.points for refund in self.refunds)

    @property
    def cash_refunded(self) -> int:
        return sum(refund.cash for refund in self.refunds)

    @property
    def cash_returned(self) -> int:
        """The returned part of the cash that was paid."""
        return sum(refund.cash for refund in self.refunds if not refund.lowers)

    @property
    def cash_taken(self) -> int:
        """The cash paid or due: less than ordered if units were refunded before it was paid."""
        return self.cash - self.cash_refunded + self.cash_returned

    @property
    def pay_until_ms(self) -> int:
        return self.created_at_ms + PAID_WITHIN_MS

    @property
    def decided_at_ms(self) -> int:
        """The time when an unpaid order was paid or ended; for others, when it was placed."""
        first, *later = self.steps
        waited = first.status == AWAITING_PAYMENT and later
        return later[0].at_ms if waited else first.at_ms

    @property
    def was_held(self) -> bool:
        """Whether its points were held until its cash was paid."""
        return self.cash > 0 and self.method != COD

    @property
    def reference(self) -> str:
        """The business reference of its redemption in the ledger."""
        return f"order:{self.id}"

    def unshipped(self) -> dict[str, int]:
        """Quantities by SKU in no parcel yet; refunds take from these first."""
        left = Counter({line.sku: line.left for line in self.lines})
        for parcel in self.parcels:
            left.subtract(parcel.quantities)
        return dict(+left)

    @property
    def is_refunded(self) -> bool:
        """Whether all units are refunded."""
        return not any(line.left for line in self.lines)


class OrderAct(msgspec.Struct, frozen=True):
    """An act on an order, with its actor and time; `key` and `content` identify a retry."""

    name: str
    by: str
    actor: str | None
    at_ms: int
    note: str | None = None
    key: bytes | None = None
    content: bytes = msgspec.field(default=b"")


def one_kind(kinds: Sequence[str]) -> str:
    """The kind of all lines.

    Raises MixedKinds.
    """
    if len(set(kinds)) != 1:
        raise MixedKinds()
    return kinds[0]


def by_product(lines: Sequence[OrderLine]) -> dict[str, int]:
    """Quantities by product, over its SKUs."""
    totals: Counter[str] = Counter()
    for line in lines:
        totals[line.product_id] += line.quantity
    return dict(totals)


def advance(order: Order, act: OrderAct) -> Order:
    """The order after an act.

    Raises NotAllowedInThisState, OrderDisputed.
    """
    status = next_status(order, act.name)
    return record(replace(order, status=status), act)


def next_status(order: Order, act: str) -> str:
    """The state after an act.

    Raises NotAllowedInThisState, OrderDisputed.
    """
    check_undisputed(order)
    if order.is_refunded:
        raise not_allowed(order.way, order.status, is_refunded=True)
    for way in (order.way, None):
        if following := NEXT.get((act, way, order.status)):
            return following
    raise not_allowed(order.way, order.status)


def check_undisputed(order: Order) -> None:
    """Raises OrderDisputed while a bank has the cash: until it decides, or for good."""
    if not order.disputed:
        return
    if is_lost(order.cash_events):
        raise OrderDisputed().saying(DISPUTE_LOST)
    raise OrderDisputed()


def record(order: Order, act: OrderAct) -> Order:
    """The order with one more step in its history."""
    step = Step(order.status, act.at_ms, act.by, act.note, act.actor, act.key, act.content or None)
    return replace(order, version=order.version + 1, steps=(*order.steps, step))
