"""The provider's answers about an order's money become events of the order, at their moments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import payments
from chalicelib.kernel.money import Money
from chalicelib.orders.queries.cash_events import not_taken, of_charge, returns_of
from chalicelib.orders.rules import CashEvent, Refund, Step
from chalicelib.payments.rules.gateway import (
    Movement,
    ProviderCharge,
    ProviderDispute,
    ProviderRefund,
)
from tests.orders.rules.making import order

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
NOW_MS = 1_795_248_000_000


def moved(at_ms: int, amount: int = -500) -> Movement:
    return Movement("txn", "refund", amount, 0, "CNY", None, at_ms)


def charge(amount: int = 3_500, currency: str = "CNY", **other: Any) -> ProviderCharge:
    return ProviderCharge("ch_1", Money(amount, currency), moved(9_000, amount), **other)


def refund(status: Any = "succeeded", **other: Any) -> ProviderRefund:
    given = {"movement": moved(11_000)} | other
    return ProviderRefund("re_1", None, 500, status, **given)


def event(kind: str, about: str, amount: int, at_ms: int) -> CashEvent:
    return CashEvent(kind, about, amount, "CNY", at_ms)


def test_unapplied_money_is_either_late_or_of_another_amount() -> None:
    assert not_taken(order(), charge()) == event("late", "ch_1", 3_500, 9_000)
    assert not_taken(order(), charge(3_499)) == event("other_amount", "ch_1", 3_499, 9_000)
    dollars = not_taken(order(), charge(currency="USD"))
    assert (dollars.kind, dollars.currency) == ("other_amount", "USD")


def test_a_cash_event_is_not_earlier_than_the_decision_on_its_order() -> None:
    ended = order(
        "cancelled",
        steps=(Step("awaiting_payment", 1, "member"), Step("cancelled", 50_000, "member")),
    )
    assert not_taken(ended, charge()).at_ms == 50_000


def test_the_charge_of_a_sale_is_no_cash_event() -> None:
    assert of_charge(order(), charge(), [], NOW, is_sold=True) == []
    assert of_charge(order(), charge(), [], NOW, is_sold=False) == [not_taken(order(), charge())]


def test_an_external_refund_of_unapplied_money_and_its_failure_are_cash_events() -> None:
    failed = refund("failed", failure=moved(12_000, 500))
    assert of_charge(order(), charge(), [failed], NOW, is_sold=False)[1:] == [
        event("refunded_at_provider", "re_1", 500, 11_000),
        event("provider_refund_failed", "re_1", 500, 12_000),
    ]
    stands = of_charge(order(), charge(), [refund("pending", movement=None)], NOW, is_sold=False)
    assert stands[1:] == [event("refunded_at_provider", "re_1", 500, NOW_MS)]


def test_a_sold_order_has_an_event_only_for_a_refund_that_failed_after_success() -> None:
    known = order(refunds=(Refund("re_1", 0, 500, 5, b""),))
    silent = order(refunds=(Refund("re_1", 0, 0, 5, b""),))
    ours = order(refunds=(Refund("rfd_1", 0, 500, 5, b""),))
    failed = [refund("canceled")]
    assert of_charge(known, charge(), failed, NOW, is_sold=True) == [
        event("provider_refund_failed", "re_1", 500, NOW_MS)
    ]
    assert of_charge(silent, charge(), failed, NOW, is_sold=True) == []
    assert of_charge(ours, charge(), failed, NOW, is_sold=True) == []
    assert of_charge(known, charge(), [refund()], NOW, is_sold=True) == []


def dispute(status: Any, *movements: Movement, is_inquiry: bool = False) -> ProviderCharge:
    return charge(disputes=(ProviderDispute("dp_1", 700, status, movements, is_inquiry),))


@pytest.mark.parametrize(
    ("told", "kinds", "moments"),
    [
        (dispute("open", moved(11_000)), ["disputed"], [11_000]),
        (dispute("open"), ["disputed"], [NOW_MS]),
        (dispute("open", is_inquiry=True), ["inquiry"], [NOW_MS]),
        (dispute("won", moved(11_000), moved(12_000)), ["disputed", "dispute_won"],
         [11_000, 12_000]),
        (dispute("won", moved(11_000), moved(12_000), moved(13_000)), ["disputed", "dispute_won"],
         [11_000, 13_000]),
        (dispute("lost", moved(11_000)), ["disputed", "dispute_lost"], [11_000, NOW_MS]),
    ],
)  # fmt: skip
def test_a_dispute_has_an_event_at_its_opening_and_at_its_decision(
    told: ProviderCharge, kinds: list[str], moments: list[int]
) -> None:
    events = of_charge(order(), told, [], NOW, is_sold=True)
    assert [each.kind for each in events] == kinds
    assert [each.at_ms for each in events] == moments
    assert {(each.about, each.amount, each.currency) for each in events} == {("dp_1", 700, "CNY")}


def ours(refund_id: str, at_ms: int, contra: str = payments.UNAPPLIED, **other: Any) -> Any:
    return payments.CashRefund(
        refund_id, "ord_1", Money(500, "CNY"), contra, "late", "sent", at_ms, **other
    )


def test_each_refund_of_unapplied_money_is_listed_once_and_oldest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = {
        "ord_1": [
            ours("rfd_3", 20_000),
            ours("rfd_1", 5_000, failure="retried:rfd_2"),
            ours("rfd_2", 11_000),
            ours("rfd_4", 1, "income:sales"),
        ]
    }
    monkeypatch.setattr(payments, "refunds_of", found.__getitem__)
    failed = ProviderRefund("re_2", None, 500, "failed", None)
    assert returns_of(order(), [failed, refund()], NOW) == [
        Refund("rfd_1", 0, 500, 5_000, b"", "late"),
        Refund("re_1", 0, 500, 11_000, b"", "refunded_at_provider"),
        Refund("rfd_3", 0, 500, 20_000, b"", "late"),
        Refund("re_2", 0, 0, NOW_MS, b"", "refunded_at_provider"),
    ]
