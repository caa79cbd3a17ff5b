"""The slots of a service: members book seats of them, move, do not pay, come or stay away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from chalicelib.catalog.errors import SlotFull
from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.queries.slots import get_slot
from chalicelib.kernel import clock
from chalicelib.orders.actions import acts, counter, refunds, rescheduling
from chalicelib.orders.actions.placing import place_order
from chalicelib.orders.queries.listing import find_orders
from chalicelib.orders.queries.vouchers import find_vouchers
from chalicelib.orders.rules import UNDOES, Booking, Order
from chalicelib.orders.rules.quoting import Request, Wanted
from chalicelib.orders.rules.stock import seats, slot_of
from tests.catalog.stores import new_slot, new_store, soon
from tests.faults.processes import Buyer, each_if_allowed
from tests.world import World

PRICES = ({"points": 1}, {"points": 1, "cash": {"amount": 500, "currency": "CNY"}})
DAYS = (2, 3)


@dataclass(frozen=True)
class Salon:
    """Two services at a store, each with slots of `units` seats in all, and enough stock."""

    skus: tuple[str, ...]
    slots: tuple[tuple[str, ...], ...]
    store: str
    seats: int
    stock: int


def open_salon(world: World, seats_of_slot: int, stock: int) -> Salon:
    store, skus, slots = new_store(world)["id"], [], []
    for price in PRICES:
        made = world.product(kind="service", stock=stock, price=price)
        skus.append(made["skus"][0]["sku"])
        times = [clock.rfc3339(soon(days=days)) for days in DAYS]
        some = {"store_id": store, "capacity": seats_of_slot}
        slots.append(tuple(new_slot(world, made["id"], starts_at=at, **some)["id"] for at in times))
    return Salon(tuple(skus), tuple(slots), store, seats_of_slot, stock)


def visit(salon: Salon, buyer: Buyer) -> None:
    """A booking of a seat or two of a slot, and what becomes of it."""
    dice = buyer.dice
    number = dice.randrange(len(salon.skus))
    slot, other = dice.sample(salon.slots[number], 2)
    wanted = Wanted(salon.skus[number], dice.choice((1, 1, 2)))
    afterwards = dice.choice(AFTERWARDS[number])(salon, buyer, other)
    each_if_allowed(partial(book, buyer, wanted, slot), *afterwards)


def book(buyer: Buyer, wanted: Wanted, slot_id: str) -> Order:
    asked = Request(buyer.member, [wanted], booking=Booking(0), slot_id=slot_id)
    order, _ = place_order(asked, buyer.order_id, buyer.content, clock.now())
    return order


Steps = list[Callable[[], object]]


def _keep(salon: Salon, buyer: Buyer, other: str) -> Steps:
    return []


def _cancel(salon: Salon, buyer: Buyer, other: str) -> Steps:
    return [lambda: acts.act_on(buyer.order_id, buyer.act("cancel"))]


def _do_not_pay(salon: Salon, buyer: Buyer, other: str) -> Steps:
    return [lambda: acts.act_on(buyer.order_id, buyer.act("time_out"))]


def _be_refunded(salon: Salon, buyer: Buyer, other: str) -> Steps:
    refund_id, told = buyer.id_of("rfd"), (buyer.act("refund"), buyer.audited("refund"))
    return [lambda: refunds.refund(buyer.order_id, {}, refund_id, *told)]


def _move(salon: Salon, buyer: Buyer, other: str) -> Steps:
    wish, act = rescheduling.Wish(other, 0), buyer.act("reschedule")
    return [lambda: rescheduling.reschedule(buyer.order_id, act, wish)]


def _move_and_be_refunded(salon: Salon, buyer: Buyer, other: str) -> Steps:
    return [*_move(salon, buyer, other), *_be_refunded(salon, buyer, other)]


def _come(salon: Salon, buyer: Buyer, other: str) -> Steps:
    def use() -> None:
        seen = find_vouchers(buyer.order_id)
        for code in seen.codes.values() if seen else ():
            counter.use_voucher(code, salon.store, buyer.act("use"), buyer.audited("use"))

    return [use]


def _stay_away(salon: Salon, buyer: Buyer, other: str) -> Steps:
    late = clock.to_ms(clock.now() + timedelta(days=max(DAYS) + 1))
    act, audited = buyer.act("miss", late), buyer.audited("miss")
    return [lambda: counter.record_no_show(buyer.order_id, act, audited)]


def _stay_away_and_move(salon: Salon, buyer: Buyer, other: str) -> Steps:
    return [*_stay_away(salon, buyer, other), *_move(salon, buyer, other)]


# Of the service for points, and of the one whose cash is due first.
AFTERWARDS = (
    (
        _keep,
        _be_refunded,
        _be_refunded,
        _move,
        _move_and_be_refunded,
        _move_and_be_refunded,
        _come,
        _stay_away,
        _stay_away_and_move,
    ),
    (_keep, _be_refunded, _cancel, _cancel, _do_not_pay, _do_not_pay),
)


def book_the_rest(salon: Salon, members: Sequence[str]) -> list[Buyer]:
    """Book seat by seat, a member each, until every slot is full."""
    last = []
    for sku, slots in zip(salon.skus, salon.slots, strict=True):
        for slot in slots:
            for number, member in enumerate(members):
                buyer = Buyer(f"rest of {slot}", number, member)
                try:
                    book(buyer, Wanted(sku, 1), slot)
                except SlotFull:
                    break
                last.append(buyer)
    return last


def problems_of(salon: Salon, buyers: Sequence[Buyer], *, is_over: bool = False) -> list[str]:
    """Seats and units that orders have otherwise than slots and stock say."""
    orders = find_orders({buyer.order_id for buyer in buyers}, consistent=True)
    booked: Counter[str | None] = Counter()
    held: Counter[str] = Counter()
    for order in orders.values():
        booked[slot_of(order)] += seats(order)
        if order.status not in UNDOES:
            held.update({line.sku: line.left for line in order.lines})
    found = []
    for slot in (get_slot(each) for slots in salon.slots for each in slots):
        if slot.booked != booked[slot.id] or not 0 <= slot.left <= (0 if is_over else salon.seats):
            found.append(f"{slot.id}: {slot.left} of {slot.capacity} left, {booked[slot.id]} taken")
    offers = find_offers(salon.skus, consistent=True)
    for sku in salon.skus:
        if offers[sku].available + held[sku] != salon.stock:
            found.append(f"{sku}: {offers[sku].available} left, {held[sku]} of {salon.stock} held")
    return found
