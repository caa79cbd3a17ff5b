"""The items of orders: an order is its own idempotency record; a counter keeps a limit; a look-up
tells which orders a tracking number is of.

<order>                     ORDER              the order
TAKEN#<member>#<product>    TAKEN              units of a product with a limit
TRACK#<number>              <placed>#<order>   a parcel's number, letters and digits alone
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.spelling import letters_of
from chalicelib.kernel.store.tables import (
    BytesAttribute,
    ChoiceAttribute,
    IntegerAttribute,
    Item,
    StructAttribute,
)
from chalicelib.kernel.store.writes import WriteSet, was_written
from chalicelib.orders.rules import (
    KINDS,
    STATUSES,
    Booking,
    CashEvent,
    Line,
    Order,
    Parcel,
    Refund,
    Step,
    queue_of,
)

ORDER = "ORDER"
TAKEN = "TAKEN"


class ByMember(GlobalSecondaryIndex[Any]):
    """A member's orders by the time of placing."""

    class Meta:
        index_name = "by_member"
        projection = AllProjection()

    member_id = UnicodeAttribute(hash_key=True)
    placed = UnicodeAttribute(range_key=True)


class Queue(GlobalSecondaryIndex[Any]):
    """Orders that wait for somebody: a sparse index that an order leaves when it is done."""

    class Meta:
        index_name = "queue"
        projection = AllProjection()

    queue = UnicodeAttribute(hash_key=True)
    queue_at = UnicodeAttribute(range_key=True)


class OrdersItem(Item):
    """What all items of the table share: its keys and indexes."""

    class Meta:
        table_name = config().table("orders")

    by_member = ByMember()
    queue_index = Queue()
    member_id = UnicodeAttribute(null=True)
    placed = UnicodeAttribute(null=True)
    queue = UnicodeAttribute(null=True)
    queue_at = UnicodeAttribute(null=True)


class OrderItem(OrdersItem):
    """One order; under 1 KB when one SKU is placed to an address of 265 bytes."""

    class Meta:
        table_name = config().table("orders")

    kind = ChoiceAttribute(KINDS)
    status = ChoiceAttribute(STATUSES)
    version = IntegerAttribute()
    lines = StructAttribute[tuple[Line, ...]](tuple[Line, ...])
    points = IntegerAttribute()
    content = BytesAttribute()
    address = BytesAttribute(null=True)
    booking = StructAttribute[Booking](Booking, null=True)
    steps = StructAttribute[tuple[Step, ...]](tuple[Step, ...])
    parcels = StructAttribute[tuple[Parcel, ...]](tuple[Parcel, ...], null=True)
    codes = BytesAttribute(null=True)
    # Only where cash is due.
    cash = IntegerAttribute(null=True)
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

    @classmethod
    def of(cls, order: Order) -> OrderItem:
        queue = queue_of(order)
        return cls(
            order.id, ORDER,
            member_id=order.member_id, placed=sortable(order.created_at_ms), kind=order.kind,
            status=order.status, version=order.version, lines=order.lines, points=order.points,
            content=order.content, address=order.address, booking=order.booking,
            steps=order.steps, parcels=order.parcels or None, codes=order.codes,
            cash=order.cash or None, currency=order.currency, method=order.method,
            paid=order.paid, declined=order.declined, refunds=order.refunds or None,
            disputed=order.disputed or None, dispute_steps=order.dispute_steps or None,
            unsettled=order.unsettled or None, unreserved=order.unreserved or None,
            cash_events=order.cash_events or None, unapplied=order.unapplied or None,
            queue=queue[0] if queue else None, queue_at=sortable(queue[1]) if queue else None,
        )  # fmt: skip

    def value(self) -> Order:
        assert self.member_id, "every order has a member"
        assert self.placed, "every order has its time"
        return Order(
            id=self.pk, member_id=self.member_id, kind=self.kind, status=self.status,
            version=self.version, lines=self.lines, points=self.points,
            created_at_ms=int(self.placed), content=self.content, address=self.address,
            booking=self.booking, steps=self.steps, parcels=self.parcels or (), codes=self.codes,
            cash=self.cash or 0, currency=self.currency, method=self.method, paid=self.paid,
            declined=self.declined, refunds=self.refunds or (), disputed=bool(self.disputed),
            dispute_steps=self.dispute_steps or 0, unsettled=bool(self.unsettled),
            unreserved=bool(self.unreserved),
            cash_events=self.cash_events or (), unapplied=self.unapplied or (),
        )  # fmt: skip


class ShippedItem(OrdersItem):
    """Of any item what tells how its parcels are found."""

    class Meta:
        table_name = config().table("orders")

    parcels = StructAttribute[tuple[Parcel, ...]](tuple[Parcel, ...], null=True)


def put_order(writes: WriteSet, seen: Order, after: Order) -> None:
    """Add an order's next version, refused with Moved if it is not as it was read."""
    unmoved = OrderItem.version == seen.version
    writes.put(OrderItem.of(after), condition=unmoved, or_raise=Moved)


def put_off(order_id: str, queue: str, now_ms: int, until_ms: int) -> bool:
    """Let a sweep come upon an order later, if it is due in this queue; whether it was."""
    is_due = (OrderItem.queue == queue) & (OrderItem.queue_at <= sortable(now_ms))
    later, item = OrderItem.queue_at.set(sortable(until_ms)), OrdersItem(order_id, ORDER)
    return was_written(lambda: item.update([later], condition=is_due))


class TakenItem(OrdersItem):
    """How many of a product with a limit a member has taken."""

    class Meta:
        table_name = config().table("orders")

    taken = IntegerAttribute(null=True)

    @classmethod
    def key(cls, member_id: str, product_id: str) -> TakenItem:
        return cls(f"TAKEN#{member_id}#{product_id}", TAKEN)


class TrackingItem(OrdersItem):
    """That a parcel of an order has a tracking number: several orders may go in one parcel.

    Its sort key is the order's time and id: the newest come last.
    """

    class Meta:
        table_name = config().table("orders")

    @staticmethod
    def key_of(number: str) -> str:
        return f"TRACK#{number}"

    @classmethod
    def of(cls, order_id: str, created_at_ms: int, tracking_number: str) -> TrackingItem | None:
        """None for a number without a letter or a digit, which nobody looks for."""
        number = letters_of(tracking_number)
        return cls(cls.key_of(number), f"{sortable(created_at_ms)}#{order_id}") if number else None

    @property
    def order_id(self) -> str:
        return self.sk.partition("#")[2]


def sortable(at_ms: int) -> str:
    return f"{at_ms:015d}"
