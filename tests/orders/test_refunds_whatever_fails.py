"""The total that a payer gets back, after any external refunds, failures and cuts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.orders.errors import RefundExceedsOrder
from chalicelib.orders.rules import Order, OrderAct, OrderLine
from chalicelib.orders.rules.refunds import (
    add_external_refund,
    attribute,
    fail_external_refund,
    refund_units,
)

pytestmark = pytest.mark.pure

STEPS = st.one_of(
    st.tuples(st.just("units"), st.integers(1, 3)),
    st.tuples(st.just("there"), st.integers(1, 1200)),
    st.tuples(st.just("fail"), st.integers(0, 5)),
    st.tuples(st.just("cut"), st.just(0)),
    st.tuples(st.just("hear"), st.just(0)),
)


class Payer:
    """A payer of 1,000 for seven units and a hundred for one, and the returned cash."""

    def __init__(self) -> None:
        lines = (
            OrderLine("A", "p", "甲", "A", 7, 0, cash=1000),
            OrderLine("B", "p", "乙", "B", 1, 0, cash=100),
        )
        self.order = Order(
            "ord_1",
            "mbr_1",
            "service",
            "approved",
            1,
            lines,
            0,
            0,
            b"",
            cash=1100,
            currency="CNY",
            method="card",
            paid="ch_1",
        )
        self.ours: dict[str, int] = {}
        self.there: dict[str, int] = {}
        self.failed: dict[str, int] = {}
        self.made = 0

    @property
    def left(self) -> int:
        return 1100 - sum(self.there.values()) - sum(self.ours.values())

    def units(self, quantity: int) -> None:
        act = OrderAct("refund", "staff", None, 0)
        try:
            self.order, made = refund_units(self.order, {"A": quantity}, self.named(), act)
        except RefundExceedsOrder:
            return
        self.ours[made.id] = made.cash

    def named(self) -> str:
        return f"rfd_{len(self.ours)}"

    def there_given(self, amount: int) -> None:
        """The cash that the provider has refunded, without refused refunds."""
        amount = min(amount, 1100 - sum(self.there.values()))
        if amount:
            self.made += 1
            self.there[f"re_{self.made}"] = amount

    def fail(self, number: int) -> None:
        if self.there:
            name = sorted(self.there)[number % len(self.there)]
            self.failed[name] = self.there.pop(name)

    def cut(self) -> None:
        """Finance refunds the rest of each refused refund."""
        for name in reversed(self.ours):
            self.ours[name] -= min(self.ours[name], max(0, -self.left))

    def hear(self) -> None:
        """Sync all refunds of the provider at once, those that stand and failed ones."""
        for name, amount in (*self.there.items(), *self.failed.items()):
            self.order = add_external_refund(self.order, name, amount, 0)
            assert add_external_refund(self.order, name, amount, 0) is self.order
        before = self.order.cash_refunded
        self.order = attribute(self.order, self.ours, self.failed)
        assert self.order.cash_refunded == before
        for name in self.failed:
            self.order, made = fail_external_refund(self.order, name, self.named(), 0)
            if made:
                self.ours[made.id] = made.cash
            assert fail_external_refund(self.order, name, "rfd_x", 0) == (self.order, None)


@given(st.lists(STEPS, max_size=14))
def test_the_payer_gets_the_price_of_the_refunded_units_after_any_failures(
    steps: list[tuple[str, int]],
) -> None:
    payer = Payer()
    for kind, number in steps:
        if kind == "units":
            payer.units(number)
        elif kind == "there":
            payer.there_given(number)
        elif kind == "cut":
            payer.cut()
        elif kind == "hear":
            payer.hear()
        else:
            payer.fail(number)
        assert 0 <= payer.order.cash_refunded <= 1100
        assert min((made.cash for made in payer.order.refunds), default=0) >= 0
    payer.cut()
    while payer.there:
        payer.fail(0)
    payer.hear()
    assert payer.left >= 0
    returned = payer.order.lines[0].refunded
    assert sum(payer.ours.values()) == payer.order.cash_refunded == 1000 * returned // 7


def test_refunds_that_stand_count_before_refunds_that_failed() -> None:
    payer = Payer()
    payer.units(7)
    for amount in (100, 1000):
        payer.there_given(amount)
    payer.hear()
    payer.fail(1)
    payer.there_given(1000)
    payer.cut()
    payer.hear()
    assert payer.ours == {"rfd_0": 0}
    assert [made.cash for made in payer.order.refunds] == [0, 100, 0, 1000]
