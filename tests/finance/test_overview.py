"""The start page of the staff: its counts are those of the lists, and each role sees its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.finance.routes import overview
from chalicelib.finance.rules.reconciled_days import OPEN
from chalicelib.finance.tables.items import FinanceItem
from chalicelib.finance.tables.reconciliations import case_list
from chalicelib.kernel import clock, ids
from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.money import Money
from chalicelib.payments.rules.refunds import FAILED, SUCCEEDED, CashRefund
from chalicelib.payments.tables.payments import RefundItem
from tests.api import Answer, new_key, token
from tests.finance.invoicing import Invoicing
from tests.second_engine import SecondEngine
from tests.withdrawals.withdrawing import Finance, approved, asked, rich
from tests.world import World

PATH = "/v1/admin/overview"
NONE = {"count": 0, "more": False}


def some(count: int) -> dict[str, Any]:
    return {"count": count, "more": False}


@pytest.fixture
def mall(
    world: World, second_engine: SecondEngine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """A mall in which nothing waits, with two parked records."""
    second_engine.lead_here(monkeypatch)
    second_engine.empty("ledger", "payments", "finance", "orders", "catalog")
    monkeypatch.setattr(overview, "count_parked", lambda: SomeOf(2, more=False))
    yield World(world.api)
    second_engine.empty("ledger", "payments", "finance", "orders", "catalog")


def shown(mall: World, role: str = "admin") -> Answer:
    return mall.api.get(PATH, as_=token("mbr_staff", role))


def test_nothing_waits_in_a_new_mall(mall: World) -> None:
    answer = shown(mall)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.body == {
        "orders": {"awaiting_review": NONE, "in_review": NONE, "approved": NONE},
        "adjustments": NONE,
        "failed_refunds": NONE,
        "withdrawals": {"requested": NONE, "approved": NONE},
        "invoices": {"requested": NONE, "red_required": NONE},
        "findings": NONE,
        "parked": some(2),
        "returns": {"requested": NONE, "sent": NONE, "received": NONE},
        "reviews": NONE,
        "stock_alerts": NONE,
    }


def test_orders_are_counted_in_the_state_in_which_they_wait(mall: World) -> None:
    member, sku = mall.member(points=5000), mall.sku(points=100)
    mall.address(member)
    orders = [mall.order(member, sku).body["id"] for _ in range(4)]
    for order_id, acts in ((orders[0], ["take"]), (orders[1], ["take", "approve"])):
        for act in acts:
            path = f"/v1/admin/orders/{order_id}/{act}"
            assert mall.api.post(path, None, as_=mall.ops, key=new_key()).status == 200
    assert shown(mall).body["orders"] == {
        "awaiting_review": some(2),
        "in_review": some(1),
        "approved": some(1),
    }


def test_points_and_money_that_wait_are_counted(mall: World) -> None:
    path = f"/v1/admin/members/{mall.member()}/points/adjustments"
    body = {"points": 20_000, "reason": "补发活动积分"}
    assert mall.api.post(path, body, as_=mall.ops, key=new_key()).status == 202
    finance = Finance(mall.api)
    asked(mall.api, rich(mall.api))
    for _ in range(2):
        approved(finance, rich(mall.api))
    for status in (FAILED, SUCCEEDED):
        now_ms = clock.to_ms(clock.now())
        refund = CashRefund(
            ids.new_id("rfd"), "ord_1", Money(990, "CNY"), "sales", "refund", status, now_ms
        )
        RefundItem.of(refund, now_ms).save()
    found = shown(mall).body
    assert found["adjustments"] == some(1)
    assert found["withdrawals"] == {"requested": some(1), "approved": some(2)}
    assert found["failed_refunds"] == some(1)


def test_finance_sees_its_invoices_and_findings(mall: World) -> None:
    invoicing = Invoicing(mall.api)
    for _ in range(2):
        invoicing.asked(invoicing.order())
    FinanceItem("FINDING#x", "FINDING", list_name=case_list(OPEN), list_order="1").save()
    found = shown(mall, "finance").body
    assert found["invoices"] == {"requested": some(2), "red_required": NONE}
    assert found["findings"] == some(1)


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("agent", {"failed_refunds", "withdrawals", "invoices", "findings", "parked"}),
        ("ops", {"withdrawals", "invoices", "findings"}),
        ("finance", {"orders", "returns", "reviews", "parked", "stock_alerts"}),
        ("admin", set()),
    ],
)
def test_each_role_sees_the_counts_of_its_own_lists(
    mall: World, role: str, hidden: set[str]
) -> None:
    found = shown(mall, role).body
    assert {name for name, value in found.items() if value is None} == hidden


def test_an_unknown_parameter_is_refused(mall: World) -> None:
    answer = mall.api.get(f"{PATH}?role=admin", as_=token("mbr_staff", "admin"))
    assert (answer.status, answer.body["code"]) == (400, "unknown_field")
