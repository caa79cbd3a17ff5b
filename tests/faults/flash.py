"""A flash sale: buyers of two SKUs, who cancel, do not pay, and send goods back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib import catalog
from chalicelib.catalog.actions import settings
from chalicelib.catalog.queries.offers import find_head, find_offers
from chalicelib.catalog.rules.stock import SkuSettings
from chalicelib.kernel import clock
from chalicelib.orders.actions import acts, parcels, refunds, returns
from chalicelib.orders.actions.placing import place_order
from chalicelib.orders.actions.returns import ReturnAsked
from chalicelib.orders.queries.listing import find_orders
from chalicelib.orders.queries.returns import find_return
from chalicelib.orders.rules import UNDOES, Order, Parcel
from chalicelib.orders.rules.quoting import Request, Wanted
from chalicelib.orders.rules.returns import EXCHANGE, RETURN, off_sale
from chalicelib.orders.rules.stock import reserved
from tests.api import new_key
from tests.faults.processes import Buyer, each_if_allowed
from tests.world import World

# The price of each SKU: points alone, points and cash.
PRICES = ({"points": 1}, {"points": 1, "cash": {"amount": 500, "currency": "CNY"}})
SHARDS = (1, 4, 16, 64)


@dataclass(frozen=True)
class Goods:
    """What is on sale, of which each SKU has `units`; its buyers, and the points of each before."""

    skus: tuple[str, ...]
    units: int
    buyers: Sequence[Buyer]
    points: Mapping[str, int]


def put_on_sale(world: World, shards: int, units: int, members: list[str]) -> Goods:
    skus = []
    for price in PRICES:
        sku = {"sku": f"S-{new_key()}", "stock": units, "shards": shards}
        skus.append(world.product(price=price, skus=[sku])["skus"][0]["sku"])
    buyers = [Buyer(skus[0], number, member) for number, member in enumerate(members)]
    return Goods(tuple(skus), units, buyers, {each: world.available(each) for each in members})


def shop(skus: tuple[str, ...], buyer: Buyer) -> None:
    """An order of one SKU or of both, and what becomes of it."""
    dice = buyer.dice
    wanted = [Wanted(sku, dice.choice((1, 1, 2))) for sku in dice.sample(skus, dice.choice((1, 2)))]
    method = dice.choice(("card", "cod"))
    each_if_allowed(partial(buy, buyer, wanted, method), *dice.choice(AFTERWARDS)(buyer, wanted))


def buy(buyer: Buyer, wanted: list[Wanted], method: str = "card") -> Order:
    asked = Request(buyer.member, wanted, method=method)
    order, _ = place_order(asked, buyer.order_id, buyer.content, clock.now())
    return order


Steps = list[Callable[[], object]]


def _keep(buyer: Buyer, wanted: list[Wanted]) -> Steps:
    return []


def _cancel(buyer: Buyer, wanted: list[Wanted]) -> Steps:
    return [partial(_act, buyer, "cancel")]


def _do_not_pay(buyer: Buyer, wanted: list[Wanted]) -> Steps:
    return [partial(_act, buyer, "time_out")]


def _be_rejected(buyer: Buyer, wanted: list[Wanted]) -> Steps:
    return [partial(_act, buyer, name) for name in ("take", "reject")]


def _be_refunded(buyer: Buyer, wanted: list[Wanted]) -> Steps:
    one, refund_id = {wanted[0].sku: 1}, buyer.id_of("rfd")
    told = buyer.act("refund"), buyer.audited("refund")
    return [partial(refunds.refund, buyer.order_id, one, refund_id, *told)]


def _have_it_delivered(buyer: Buyer, wanted: list[Wanted]) -> Steps:
    ship = partial(parcels.ship, buyer.order_id, buyer.act("ship"), Parcel("SF", "1", {}))
    taken = [partial(_act, buyer, name) for name in ("take", "approve")]
    return [*taken, ship, partial(_act, buyer, "deliver")]


def _send_it_back(buyer: Buyer, wanted: list[Wanted]) -> Steps:
    return [*_have_it_delivered(buyer, wanted), *_return(buyer, wanted, RETURN)]


def _exchange_it(buyer: Buyer, wanted: list[Wanted]) -> Steps:
    ship = partial(returns.ship, buyer.id_of("ret"), buyer.act("ship a new one"), "SF", "2")
    exchanged = [*_return(buyer, wanted, EXCHANGE), partial(ship, buyer.audited("ship"))]
    return [*_have_it_delivered(buyer, wanted), *exchanged]


# Three of four give their units back.
AFTERWARDS = (
    _keep,
    _cancel,
    _cancel,
    _do_not_pay,
    _do_not_pay,
    _be_rejected,
    _be_rejected,
    _be_refunded,
    _send_it_back,
    _have_it_delivered,
    _send_it_back,
    _exchange_it,
)


def _act(buyer: Buyer, name: str) -> None:
    acts.act_on(buyer.order_id, buyer.act(name))


def _return(buyer: Buyer, wanted: list[Wanted], kind: str) -> Steps:
    return_id, content = buyer.id_of("ret"), buyer.content
    asked = ReturnAsked(buyer.order_id, buyer.member, kind, dict([wanted[0]]), "不合适")
    receive = partial(returns.receive, return_id, buyer.act("receive"), {}, restock=True)
    return [
        lambda: returns.request_return(asked, return_id, content, clock.now()),
        partial(returns.approve, return_id, buyer.act("approve it"), None, buyer.audited("agree")),
        partial(returns.send, return_id, buyer.act("send"), buyer.member, "SF", "3"),
        partial(receive, audited=buyer.audited("receive")),
    ]


def change_shards(sku: str, dice: random.Random) -> None:
    """Another number of shards, unless orders keep it from being written."""
    head = find_head(sku)
    assert head is not None
    ops, change = Buyer(sku, head.version, sku), SkuSettings(shards=dice.choice(SHARDS))
    each_if_allowed(
        lambda: settings.change_settings(sku, change, head.version, ops.audited("shards"))
    )


def sell_the_rest(goods: Goods, member: str) -> list[Buyer]:
    """Sell unit by unit until all is sold; the buyers."""
    last = []
    for sku in goods.skus:
        for number in range(2 * goods.units):
            buyer = Buyer(f"rest of {sku}", number, member)
            try:
                buy(buyer, [Wanted(sku, 1)], "cod")
            except catalog.OutOfStock:
                break
            last.append(buyer)
    return last


def problems_of(world: World, goods: Goods, last: Sequence[Buyer] | None = None) -> list[str]:
    """Units that are not where they should be, and points that were taken for nothing."""
    buyers = [*goods.buyers, *(last or ())]
    orders = find_orders({buyer.order_id for buyer in buyers}, consistent=True)
    held, offers = _held(orders, buyers), find_offers(goods.skus, consistent=True)
    found = []
    for sku in goods.skus:
        left = offers[sku].left or {0: offers[sku].available}
        if min(left.values()) < 0 or sum(left.values()) + held[sku] != goods.units:
            found.append(f"{sku} has {left}, orders have {held[sku]}, of {goods.units}")
        if last is not None and any(left.values()):
            found.append(f"{left} of {sku} were not sold")
    for buyer in goods.buyers:
        paid, left_over = paid_by(orders.get(buyer.order_id)), world.available(buyer.member)
        if left_over != goods.points[buyer.member] - paid:
            found.append(f"{buyer.member} had {goods.points[buyer.member]} points, paid {paid}")
    return found


def paid_by(order: Order | None) -> int:
    """The points that an order has taken or holds."""
    if order is None or order.status in UNDOES:
        return 0
    return order.points - order.points_refunded


def _held(orders: dict[str, Order], buyers: list[Buyer]) -> Counter[str]:
    """Units that are reserved or sold, less those that came back."""
    held: Counter[str] = Counter()
    for order in orders.values():
        held.update(reserved(order))
        for parcel in order.parcels:
            held.update(parcel.quantities)
    for buyer in buyers:
        if made := find_return(buyer.id_of("ret")):
            held.update(off_sale(made))
    return held
