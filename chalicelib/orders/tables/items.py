"""The items of orders: an order is its own idempotency record; a counter keeps a limit; a look-up
tells which orders a tracking number is of.

<order>                     ORDER              the order
TAKEN#<member>#<product>    TAKEN              units of a product with a limit
TAKEN#<member>#<product>    DAY#<day>          the same of a day of the program; MONTH#<month>, too
<order>                     NOTE#<at>#<id>     what the staff noted about an order
<order>                     PRICING            what lowered an order's price
CART#<member>               CART               a member's cart
<return>                    RETURN             a return of units of an order
"""

from __future__ import annotations

from typing import Any

import msgspec
from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import (
    BytesAttribute,
    ChoiceAttribute,
    IntegerAttribute,
    StructAttribute,
)
from chalicelib.kernel.store.indexes import KEYS_ONLY, including, index
from chalicelib.kernel.store.packed import PackedAttribute, writes_packed
from chalicelib.kernel.store.tables import Item
from chalicelib.kernel.store.writes import WriteSet, was_written
from chalicelib.orders.rules import (
    ENDED,
    KINDS,
    STATUSES,
    CashEvent,
    Order,
    OrderFreight,
    OrderLine,
    Parcel,
    Refund,
    ReturnMark,
    Step,
    queue_of,
)
from chalicelib.orders.tables.booked import BookedTime, booked_of, booking_of, freight_of
from chalicelib.orders.tables.packing import (
    Payment,
    pack_lines,
    pack_parcels,
    pack_payment,
    pack_steps,
    trim_lines,
    unpack_lines,
    unpack_parcels,
    unpack_payment,
    unpack_steps,
)

# Bytes of about six lines: with fewer nothing is saved.
_MANY_LINES = 512
ORDER = "ORDER"
_FLAGS = ("disputed", "unsettled", "unreserved", "discounted")
TAKEN = "TAKEN"


class OrdersItem(Item):
    """The keys and indexes that all items of the table share."""

    class Meta:
        table_name = config().table("orders")

    # A member's orders by the time of placing, and whether they have ended: an entry is written
    # twice in an order's life, whatever is done to it between.
    of_member = index("of_member", "member_id", "placed", projection=including("ended"))
    # The list that an order stands in: `rules/lists.py`.
    waiting = index("waiting", "queue", "queue_at", projection=including("kind"))
    # The same two with all of each order, as the first layout has them.
    by_member = index("by_member", "member_id", "placed")
    queue_index = index("queue", "queue", "queue_at")
    # Published reviews of a product by whom they helped (reviews.py). A mark is an addition to the
    # rank, so many may come at once.
    helpful_index = index(
        "helpful", "review_list", "rank", projection=KEYS_ONLY, order_type=IntegerAttribute
    )
    review_list = UnicodeAttribute(null=True)
    rank = IntegerAttribute(null=True)
    member_id = UnicodeAttribute(null=True)
    placed = UnicodeAttribute(null=True)
    ended = UnicodeAttribute(null=True)
    queue = UnicodeAttribute(null=True)
    queue_at = UnicodeAttribute(null=True)


class _EarlierLines(StructAttribute[tuple[OrderLine, ...]]):
    """Lines in the first layout, whose values end with `refunded`: later ones only where set."""

    def serialize(self, value: tuple[OrderLine, ...]) -> str:
        return msgspec.json.encode(trim_lines(value)).decode()


_LINES = _EarlierLines(tuple[OrderLine, ...])
_STEPS = StructAttribute[tuple[Step, ...]](tuple[Step, ...])
_PAYMENT = StructAttribute[Payment](Payment)


def _parcels() -> PackedAttribute[tuple[Parcel, ...]]:
    earlier = StructAttribute[tuple[Parcel, ...]](tuple[Parcel, ...])
    return PackedAttribute(pack_parcels, unpack_parcels, earlier, null=True)


class OrderItem(OrdersItem):
    """One order; under 1 KB when one SKU is placed to an address of 265 bytes, and then until it
    is shipped. The budget of its bytes stands in docs/benchmarks.md."""

    kind = ChoiceAttribute(KINDS)
    status = ChoiceAttribute(STATUSES)
    version = IntegerAttribute()
    lines = PackedAttribute[tuple[OrderLine, ...]](
        pack_lines, unpack_lines, _LINES, deflated_from=_MANY_LINES
    )
    content = BytesAttribute()
    address = BytesAttribute(null=True)
    booking = StructAttribute[BookedTime](BookedTime, null=True)
    steps = PackedAttribute[tuple[Step, ...]](pack_steps, unpack_steps, _STEPS)
    parcels = _parcels()
    codes = BytesAttribute(null=True)
    # Only where they are not the sums of the lines, or in the first layout.
    points = IntegerAttribute(null=True)
    cash = IntegerAttribute(null=True)
    # Only where cash is due; the four below it are the first layout's.
    payment = PackedAttribute[Payment](pack_payment, unpack_payment, _PAYMENT, null=True)
    currency = UnicodeAttribute(null=True)
    method = UnicodeAttribute(null=True)
    paid = UnicodeAttribute(null=True)
    declined = UnicodeAttribute(null=True)
    refunds = StructAttribute[tuple[Refund, ...]](tuple[Refund, ...], null=True)
    disputed = BooleanAttribute(null=True)
    dispute_steps = IntegerAttribute(null=True)
    unsettled = BooleanAttribute(null=True)
    unreserved = BooleanAttribute(null=True)
    # Only where money came or went beside the order's states.
    cash_events = StructAttribute[tuple[CashEvent, ...]](tuple[CashEvent, ...], null=True)
    unapplied = StructAttribute[tuple[Refund, ...]](tuple[Refund, ...], null=True)
    # Freight in cash and in points, within `cash` and `points`; and whether it has gone back.
    freight = IntegerAttribute(null=True)
    freight_points = IntegerAttribute(null=True)
    freight_back = BooleanAttribute(null=True)
    note = BytesAttribute(null=True)
    returns = StructAttribute[tuple[ReturnMark, ...]](tuple[ReturnMark, ...], null=True)
    # Only where it is used or fetched at a store, while some vouchers are used, and of a slot.
    store_id = UnicodeAttribute(null=True)
    done = StructAttribute[tuple[str, ...]](tuple[str, ...], null=True)
    booked_until = IntegerAttribute(null=True)  # epoch milliseconds
    missed = BooleanAttribute(null=True)
    # Only where something lowered its price: then the item PRICING tells what.
    discounted = BooleanAttribute(null=True)

    @classmethod
    def of(cls, order: Order) -> OrderItem:
        queue, place_ms = queue_of(order)
        return cls(
            order.id,
            ORDER,
            **_money_of(order),
            member_id=order.member_id,
            placed=sortable(order.created_at_ms),
            kind=order.kind,
            ended=order.status if order.status in ENDED else None,
            status=order.status,
            version=order.version,
            lines=order.lines,
            content=order.content,
            address=order.address,
            **booked_of(order.booking),
            steps=order.steps,
            parcels=order.parcels or None,
            codes=order.codes,
            refunds=order.refunds or None,
            disputed=order.disputed or None,
            dispute_steps=order.dispute_steps or None,
            unsettled=order.unsettled or None,
            unreserved=order.unreserved or None,
            cash_events=order.cash_events or None,
            unapplied=order.unapplied or None,
            **freight_of(order.freight),
            note=order.note,
            returns=order.returns or None,
            store_id=order.store_id,
            done=order.done or None,
            discounted=order.discounted or None,
            queue=queue,
            queue_at=sortable(place_ms),
        )

    def value(self) -> Order:
        assert self.member_id, "every order has a member"
        assert self.placed, "every order has its time"
        payment = self.payment or Payment(self.currency, self.method, self.paid, self.declined)
        points = sum(line.points for line in self.lines) if self.points is None else self.points
        cash = sum(line.cash for line in self.lines) if self.cash is None else self.cash
        return Order(
            id=self.pk,
            member_id=self.member_id,
            kind=self.kind,
            status=self.status,
            version=self.version,
            lines=self.lines,
            points=points,
            created_at_ms=int(self.placed),
            content=self.content,
            address=self.address,
            booking=booking_of(self.booking, self.booked_until, self.missed),
            steps=self.steps,
            parcels=self.parcels or (),
            codes=self.codes,
            cash=cash,
            currency=payment.currency,
            method=payment.method,
            paid=payment.paid,
            declined=payment.declined,
            refunds=self.refunds or (),
            dispute_steps=self.dispute_steps or 0,
            cash_events=self.cash_events or (),
            unapplied=self.unapplied or (),
            freight=self._freight(),
            note=self.note,
            returns=self.returns or (),
            store_id=self.store_id,
            done=self.done or (),
            **{name: bool(getattr(self, name)) for name in _FLAGS},
        )

    def _freight(self) -> OrderFreight | None:
        if not (self.freight or self.freight_points):
            return None
        return OrderFreight(self.freight_points or 0, self.freight or 0, bool(self.freight_back))


def _money_of(order: Order) -> dict[str, Any]:
    """The attributes of what an order costs and how that is paid; None is absent."""
    points, cash = (sum(getattr(line, each) for line in order.lines) for each in ("points", "cash"))
    payment = Payment(order.currency, order.method, order.paid, order.declined)
    if not writes_packed():
        # An earlier release takes cash that is absent for none.
        kept = {"points": order.points, "cash": order.cash if order.cash or cash else None}
        return {**kept, **msgspec.structs.asdict(payment)}
    return {
        "points": None if order.points == points else order.points,
        "cash": None if order.cash == cash else order.cash,
        "payment": None if payment == Payment() else payment,
    }


class ShippedItem(OrdersItem):
    """Of any item what tells how its parcels are found."""

    parcels = _parcels()


def put_order(writes: WriteSet, seen: Order, after: Order) -> None:
    """Add an order's next version, refused with Moved if it is not as it was read."""
    unmoved = OrderItem.version == seen.version
    writes.put(OrderItem.of(after), condition=unmoved)


def defer(order_id: str, queue: str, now_ms: int, until_ms: int) -> bool:
    """Let a sweep come upon an order later, if it is due in this queue; whether it was."""
    is_due = (OrderItem.queue == queue) & (OrderItem.queue_at <= sortable(now_ms))
    later, item = OrderItem.queue_at.set(sortable(until_ms)), OrdersItem(order_id, ORDER)
    return was_written(lambda: item.update([later], condition=is_due))


class TakenItem(OrdersItem):
    """How many of a product with a limit a member has taken: in all, or in a period."""

    taken = IntegerAttribute(null=True)

    @classmethod
    def key(cls, member_id: str, product_id: str, period: str | None = None) -> TakenItem:
        return cls(f"TAKEN#{member_id}#{product_id}", period or TAKEN)


def sortable(at_ms: int) -> str:
    return f"{at_ms:015d}"
