"""After any history of orders, stock, limits and codes agree with plain arithmetic: each unit is on
sale, reserved for an order, or was sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import catalog
from chalicelib.catalog.queries.offers import find_offers
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Conflict
from chalicelib.orders.actions import acts, codes
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import OrderAct
from chalicelib.orders.rules.stock import unsent
from chalicelib.orders.tables import TAKEN, TakenItem
from tests.api import Answer, new_key
from tests.orders.cashier import PRICE, Cashier
from tests.orders.parcels import PARCEL, act

STOCK, LIMIT = 12, 9
KINDS = ("virtual", "service", "physical")


@dataclass
class Sold:
    """One order: units `kept` for it, `sent` and not refunded, `written_off` later; whether
    its kept units are on sale again after a lost dispute."""

    id: str
    kept: int
    sent: int = 0
    written_off: int = 0
    forfeited: bool = False
    disputed: str | None = None
    intent: str | None = None


@dataclass
class Shop:
    """One SKU, one member, and their model in plain arithmetic."""

    cashier: Cashier
    kind: str
    on_sale: int = STOCK
    orders: list[Sold] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cashier.member = self.cashier.world.member(50_000)
        self.cashier.world.address(self.cashier.member)
        self.sku = self.cashier.world.sku(
            kind=self.kind, stock=STOCK, limits={"per_member": LIMIT}, price=PRICE
        )

    def place(self, quantity: int, method: str) -> None:
        other: dict[str, Any] = {"payment_method": method} if self.kind == "physical" else {}
        if self.kind == "service":
            other["booking"] = {"at": clock.rfc3339(clock.now().replace(year=2088))}
        made = self.cashier.world.order(self.cashier.member, self.sku, quantity, **other)
        fits = quantity <= self.on_sale and quantity + self.counted <= LIMIT
        assert made.status == 409 or (fits and made.status == 201), made.body
        if made.status == 201:
            self.on_sale -= quantity
            self.orders.append(Sold(made.body["id"], quantity))

    @property
    def counted(self) -> int:
        return sum(sold.kept + sold.sent for sold in self.orders)

    def check(self) -> None:
        """Assert that the stored state agrees with the arithmetic."""
        assert self.cashier.world.stock(self.sku) == self.on_sale
        item = TakenItem.find(self._counter(), TAKEN)
        assert (item.taken if item else 0) == self.counted
        for sold in self.orders:
            assert sum(unsent(get_order(sold.id)).values()) == sold.kept
        kept = sum(sold.kept for sold in self.orders if not sold.forfeited)
        sent = sum(sold.sent + sold.written_off for sold in self.orders)
        assert self.on_sale + kept + sent == STOCK
        if self.kind == "virtual":
            pool = catalog.read_pool(self.sku)
            assert (pool.free, pool.total - pool.free) == (self.on_sale + kept, sent)

    def _counter(self) -> str:
        product_id = find_offers([self.sku], consistent=True)[self.sku].product_id
        return TakenItem.key(self.cashier.member, product_id).pk


def _pay(shop: Shop, sold: Sold) -> None:
    if get_order(sold.id).status == "awaiting_payment":
        sold.intent = shop.cashier.pay(sold.id)


def _refund(quantity: int) -> Callable[[Shop, Sold], None]:
    def refund(shop: Shop, sold: Sold) -> None:
        lines = [{"sku": shop.sku, "quantity": quantity}] if quantity else None
        body = {"reason": "x", **({"lines": lines} if lines else {})}
        if shop.cashier.refund(sold.id, body).status == 201:
            units = quantity or sold.kept + sold.sent
            unsent = min(units, sold.kept)
            sold.kept -= unsent
            sold.sent -= units - unsent
            sold.written_off += units - unsent
            shop.on_sale += 0 if sold.forfeited else unsent

    return refund


def _review(shop: Shop, sold: Sold) -> None:
    for step in ("take", "approve"):
        act(shop.cashier, {"id": sold.id}, step)


def _leave(shop: Shop, sold: Sold) -> None:
    if shop.kind == "virtual":
        if get_order(sold.id).status == "completed":
            with suppress(Conflict):
                codes.hand_out_codes(sold.id, clock.to_ms(clock.now()))
        left = get_order(sold.id).codes is not None
    else:
        step = ("ship", PARCEL) if shop.kind == "physical" else ("use",)
        left = act(shop.cashier, {"id": sold.id}, *step).status == 200
    if left:
        _sent(shop, sold, sold.kept)


def _ship_one(shop: Shop, sold: Sold) -> None:
    parcel = PARCEL | {"lines": [{"sku": shop.sku, "quantity": 1}]}
    if shop.kind == "physical" and act(shop.cashier, {"id": sold.id}, "ship", parcel).status == 200:
        _sent(shop, sold, 1)


def _sent(shop: Shop, sold: Sold, units: int) -> None:
    sold.kept -= units
    sold.sent += units
    shop.on_sale -= units if sold.forfeited else 0


def _cancel(shop: Shop, sold: Sold) -> None:
    path = f"/v1/orders/{sold.id}/cancel"
    _undone(shop, sold, shop.cashier.api.post(path, None, as_=shop.cashier.me, key=new_key()))


def _reject(shop: Shop, sold: Sold) -> None:
    act(shop.cashier, {"id": sold.id}, "take")
    _undone(shop, sold, act(shop.cashier, {"id": sold.id}, "reject", {"reason": "x"}))


def _time_out(shop: Shop, sold: Sold) -> None:
    with suppress(Conflict):
        acts.act_on(sold.id, OrderAct("time_out", "system", None, clock.to_ms(clock.now())))
        shop.on_sale += sold.kept
        sold.kept = 0


def _undone(shop: Shop, sold: Sold, answer: Answer) -> None:
    if answer.status == 200:
        shop.on_sale += 0 if sold.forfeited else sold.kept
        sold.kept = 0


def _dispute(shop: Shop, sold: Sold) -> None:
    if sold.intent and not sold.disputed:
        sold.disputed = shop.cashier.provider.dispute(sold.intent).id
        shop.cashier.tell(sold.id, sold.intent)


def _lose(shop: Shop, sold: Sold) -> None:
    if sold.intent and sold.disputed and get_order(sold.id).disputed:
        shop.cashier.provider.lose(sold.intent, sold.disputed)
        shop.cashier.tell(sold.id, sold.intent)
        shop.on_sale += 0 if sold.forfeited else sold.kept
        sold.forfeited = sold.forfeited or sold.kept > 0


def _win(shop: Shop, sold: Sold) -> None:
    if sold.intent and sold.disputed and get_order(sold.id).disputed:
        shop.cashier.provider.win(sold.intent, sold.disputed)
        shop.cashier.tell(sold.id, sold.intent)


def _come_back(shop: Shop, sold: Sold) -> None:
    path = f"/v1/admin/orders/{sold.id}/uncollected"
    back = shop.cashier.api.post(path, {"reason": "x"}, as_=shop.cashier.world.ops, key=new_key())
    if back.status == 200:
        shop.on_sale += sold.sent
        sold.sent = 0


STEPS = {
    "pay": _pay, "refund 1": _refund(1), "refund 2": _refund(2), "refund all": _refund(0),
    "review": _review, "leave": _leave, "ship 1": _ship_one, "cancel": _cancel,
    "reject": _reject, "time out": _time_out, "dispute": _dispute, "lose": _lose, "win": _win,
    "come back": _come_back,
}  # fmt: skip
HISTORIES = st.lists(
    st.tuples(st.sampled_from(["place", "place cod", "pay", "pay", *STEPS]), st.integers(0, 2)),
    min_size=8,
    max_size=20,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORIES)
def test_any_history_agrees_with_plain_arithmetic(
    cashier: Cashier, kind: str, history: list[tuple[str, int]]
) -> None:
    shop = Shop(cashier, kind)
    shop.place(3, "card")
    for step, number in history:
        if step.startswith("place"):
            shop.place(number + 1, "cod" if step == "place cod" else "card")
        else:
            STEPS[step](shop, shop.orders[number % len(shop.orders)])
        shop.check()
