"""Pools of codes: members buy some, do not pay, are refunded; codes are handed out and imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib import catalog
from chalicelib.catalog.errors import OutOfStock
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.orders.actions import acts, codes, refunds
from chalicelib.orders.actions.placing import place_order
from chalicelib.orders.queries.listing import find_orders
from chalicelib.orders.queries.orders import codes_of, find_order
from chalicelib.orders.rules import COMPLETED, Order
from chalicelib.orders.rules.quoting import Request, Wanted
from chalicelib.orders.rules.stock import waiting_for_codes
from tests.api import new_key
from tests.faults.processes import Buyer, each_if_allowed
from tests.world import World

# For points, or for cash in their place.
PRICE = {"points": 2, "cash_equivalent": {"amount": 500, "currency": "CNY"}}
SHARDS = (1, 4)


@dataclass(frozen=True)
class Pools:
    """SKUs of codes, and the codes that each has had."""

    skus: tuple[str, ...]
    codes: dict[str, set[str]]


def fill(world: World, units: int) -> Pools:
    skus = []
    for shards in SHARDS:
        sku = {"sku": f"S-{new_key()}", "shards": shards}
        made = world.product(kind="virtual", price=PRICE, stock=0, skus=[sku])
        skus.append(made["skus"][0]["sku"])
    pools = Pools(tuple(skus), {sku: set() for sku in skus})
    for sku in skus:
        add_codes(world, pools, sku, units)
    return pools


def add_codes(world: World, pools: Pools, sku: str, units: int) -> None:
    new = [new_key() for _ in range(units)]
    world.codes(sku, new)
    pools.codes[sku].update(new)


def shop(skus: tuple[str, ...], buyer: Buyer) -> None:
    """An order of one SKU or of both, and what becomes of it."""
    dice = buyer.dice
    wanted = [Wanted(sku, dice.choice((1, 1, 2))) for sku in dice.sample(skus, dice.choice((1, 2)))]
    points, afterwards = dice.choice(AFTERWARDS)
    placed = partial(buy, buyer, wanted, points)
    each_if_allowed(placed, *(partial(step, buyer) for step in afterwards))


def buy(buyer: Buyer, wanted: list[Wanted], points: int | None = None) -> Order:
    asked = Request(buyer.member, wanted, points=points)
    order, _ = place_order(asked, buyer.order_id, buyer.content, clock.now())
    return order


def hand_out(buyer: Buyer) -> None:
    codes.hand_out_codes(buyer.order_id, to_ms(clock.now()))


def _cancel(buyer: Buyer) -> None:
    acts.act_on(buyer.order_id, buyer.act("cancel"))


def _do_not_pay(buyer: Buyer) -> None:
    acts.act_on(buyer.order_id, buyer.act("time_out"))


def _be_refunded(buyer: Buyer) -> None:
    told = buyer.act("refund"), buyer.audited("refund")
    refunds.refund(buyer.order_id, {}, buyer.id_of("rfd"), *told)


Step = Callable[[Buyer], None]
# The points that are offered, and what follows: unpaid orders end.
AFTERWARDS: tuple[tuple[int | None, tuple[Step, ...]], ...] = (
    (None, ()),
    (None, (hand_out, hand_out)),
    (None, (_be_refunded,)),
    (None, (_be_refunded, hand_out)),
    (None, (hand_out, _be_refunded)),
    (0, (_cancel,)),
    (0, (_do_not_pay,)),
    (0, (_do_not_pay,)),
)


def sell_the_rest(pools: Pools, member: str) -> list[Buyer]:
    """Sell code by code until all are sold; the buyers."""
    last = []
    for sku in pools.skus:
        for number in range(2 * len(pools.codes[sku])):
            buyer = Buyer(f"rest of {sku}", number, member)
            try:
                buy(buyer, [Wanted(sku, 1)])
            except OutOfStock:
                break
            last.append(buyer)
    return last


def problems_of(pools: Pools, buyers: Sequence[Buyer], *, is_over: bool = False) -> list[str]:
    """Codes that two orders have, or that are neither on sale nor any order's."""
    orders = find_orders({buyer.order_id for buyer in buyers}, consistent=True)
    waiting, found = waiting_for_codes(orders.values()), []
    for sku in pools.skus:
        given = Counter(code for order in orders.values() for code in codes_of(order).get(sku, []))
        pool, known = catalog.read_pool(sku), pools.codes[sku]
        if given and max(given.values()) > 1:
            found.append(f"{sku}: {given.most_common(1)} was given twice")
        if not given.keys() <= known or len(given) + pool.free != len(known):
            found.append(f"{sku}: {len(given)} given, {pool.free} free of {len(known)} codes")
        if pool.free != pool.available + waiting[sku]:
            found.append(f"{sku}: {pool.free} free, {pool.available} on sale, {waiting[sku]} sold")
        if is_over and given.keys() != known:
            found.append(f"{sku}: {pool.free} codes were not sold")
    return found


def fetch(buyer: Buyer) -> None:
    """Hand out the codes of an order that waits for them, as the queue does."""
    order = find_order(buyer.order_id)
    if order is not None and order.status == COMPLETED:
        hand_out(buyer)
