"""The payment of an order, and the effects of charges, disputes and late money."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.orders.rules import CashEvent, Order, Refund, cash, payments
from chalicelib.payments import PaymentClosed
from tests.orders.rules.making import act, all_refunded, order

pytestmark = pytest.mark.pure


def event(kind: str, about: str = "dp_1") -> CashEvent:
    return CashEvent(kind, about, 3_500, "CNY", 5)


HALF, ALL = Refund("rfd_1", 0, 500, 0, b""), Refund("rfd_1", 0, 3_500, 0, b"")
LOWERED = Refund("rfd_2", 0, 500, 0, b"", lowers=True)
STANDS: dict[str, tuple[Order, str | None]] = {
    "no cash is due": (order(cash=0), None),
    "it has come": (order(), "succeeded"),
    "a carrier has brought it": (order(method="cod", paid="cod"), "collected"),
    "it is to come": (order(paid=None), "awaiting"),
    "the card was declined": (order(paid=None, declined="no_funds"), "declined"),
    "a carrier is to bring it": (order(paid=None, method="cod", declined="x"), "due"),
    "it was cancelled": (order("cancelled", paid=None), "cancelled"),
    "it was rejected": (order("rejected", paid=None), "cancelled"),
    "all went back unpaid": (all_refunded(order(paid=None, method="cod")), "cancelled"),
    "a part went back": (order(refunds=(HALF,)), "partially_refunded"),
    "all went back": (order(refunds=(ALL,)), "refunded"),
    "what came went back": (order(refunds=(LOWERED, Refund("rfd_3", 0, 3_000, 0, b""))),
                            "refunded"),
    "less was due": (order(refunds=(LOWERED,)), "succeeded"),
    "a bank has it": (order(disputed=True), "disputed"),
    "it came too late": (order("cancelled", paid=None, cash_events=(event("late", "ch_1"),)),
                         "refunded"),
    "another sum came": (order(paid=None, cash_events=(event("other_amount"),)), "refunded"),
    "late money is disputed": (
        order("cancelled", paid=None, cash_events=(event("late", "ch"), event("disputed"))),
        "disputed",
    ),
    "late money stays": (
        order("cancelled", paid=None, cash_events=(event("late", "ch"), event("disputed"),
                                                   event("dispute_won"))),
        "refunded",
    ),
    "a paid order's dispute is over": (order(cash_events=(event("disputed"),)), "succeeded"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "status"), STANDS.values(), ids=STANDS.keys())
def test_the_payment_of_an_order_has_the_state_of_its_money(one: Order, status: str | None) -> None:
    assert payments.status_of(one) == status


def test_money_that_no_order_took_is_unapplied() -> None:
    late = (event("late"),)
    assert payments.is_unapplied(order(paid=None, cash_events=late))
    assert not payments.is_unapplied(order(cash_events=late))
    assert not payments.is_unapplied(order(paid=None, cash_events=(event("disputed"),)))


def test_a_cash_event_is_recorded_once() -> None:
    after = payments.record_cash(order(), [event("late", "ch_1")])
    assert (after.cash_events, after.version) == ((event("late", "ch_1"),), 2)
    assert payments.record_cash(after, [event("late", "ch_1")]) is after
    more = payments.record_cash(after, [event("late", "ch_1"), event("late", "ch_2")])
    assert [each.about for each in more.cash_events] == ["ch_1", "ch_2"]
    other = payments.record_cash(after, [event("disputed", "ch_1")])
    assert [each.kind for each in other.cash_events] == ["late", "disputed"]


def test_a_refund_is_known_by_its_id_and_its_failure_is_final() -> None:
    sent = Refund("re_1", 0, 500, 7, b"")
    after = payments.record_cash(order(), [], [sent])
    assert (after.unapplied, after.version) == ((sent,), 2)
    assert payments.record_cash(after, [], [sent]) is after
    failed = payments.record_cash(after, [], [Refund("re_1", 0, 0, 9, b"")])
    assert failed.unapplied == (Refund("re_1", 0, 0, 7, b""),)
    assert payments.record_cash(failed, [], [sent]) is failed
    more = payments.record_cash(failed, [], [Refund("rfd_9", 0, 1, 8, b"")])
    assert [made.id for made in more.unapplied] == ["re_1", "rfd_9"]


def test_external_refunds_that_stand_are_events_of_the_order() -> None:
    refunds = (Refund("re_1", 0, 500, 7, b""), Refund("re_2", 0, 0, 8, b""), HALF)
    one = order(refunds=refunds, cash_events=(event("inquiry"),))
    assert payments.events_of(one) == [
        event("inquiry"),
        CashEvent("refunded_at_provider", "re_1", 500, "CNY", 7),
    ]
    without = replace(one, currency=None, cash_events=())
    assert payments.events_of(without)[0].currency == ""


def test_a_charge_pays_an_unpaid_order_and_removes_its_decline() -> None:
    waits = order("awaiting_payment", paid=None, declined="no_funds")
    after = payments.pay(waits, "ch_9", act("pay"))
    assert (after.status, after.paid, after.declined) == ("awaiting_review", "ch_9", None)
    with pytest.raises(NotAllowedInThisState):
        payments.pay(after, "ch_9", act("pay"))
    assert payments.awaits_payment(waits)
    assert not payments.awaits_payment(after)


def test_a_decline_is_kept_while_the_order_waits() -> None:
    waits = order("awaiting_payment", paid=None)
    after = payments.decline(waits, "no_funds")
    assert (after.declined, after.version, after.steps) == ("no_funds", 2, waits.steps)
    assert payments.decline(after, "no_funds") is after
    assert payments.decline(order(), "no_funds").declined is None


def test_a_cancelled_order_is_closed_once() -> None:
    after = payments.close(order("cancelled", unsettled=True))
    assert (after.unsettled, after.version) == (False, 2)
    assert payments.close(after) is after


def test_an_older_answer_about_a_dispute_changes_nothing() -> None:
    away = payments.record_disputes(order(), 2, is_away=True)
    assert (away.disputed, away.dispute_steps, away.version) == (True, 2, 2)
    assert payments.record_disputes(away, 2, is_away=False) is away
    assert payments.record_disputes(away, 1, is_away=False) is away
    over = payments.record_disputes(away, 3, is_away=False)
    assert (over.disputed, over.dispute_steps) == (False, 3)


def test_only_an_allowed_act_on_a_provider_payment_refunds_cash() -> None:
    assert payments.refunds_cash(order("awaiting_review"), "cancel")
    assert payments.refunds_cash(order("in_review"), "reject")
    assert payments.refunds_cash(order("delivered"), "refund")
    assert not payments.refunds_cash(order("delivered"), "cancel")
    assert not payments.refunds_cash(order("in_review"), "refund")
    assert not payments.refunds_cash(order("awaiting_review", paid=None), "cancel")
    assert not payments.refunds_cash(order("awaiting_review", paid="cod"), "cancel")


def test_a_dispute_is_open_until_the_bank_decides_and_an_inquiry_takes_nothing() -> None:
    assert cash.undecided([event("disputed"), event("disputed", "dp_2")]) == {"dp_1", "dp_2"}
    assert cash.undecided([event("disputed"), event("dispute_won")]) == set()
    assert cash.undecided([event("disputed"), event("dispute_lost")]) == set()
    assert cash.undecided([event("inquiry")]) == set()


def test_a_lost_dispute_stays_lost_unless_it_is_won_later() -> None:
    assert cash.is_lost([event("dispute_lost")])
    assert not cash.is_lost([event("dispute_lost"), event("dispute_won")])
    assert cash.is_lost([event("dispute_lost"), event("dispute_won", "dp_2")])
    assert not cash.is_lost([event("disputed")])


def test_a_refund_without_our_prefix_is_an_external_one() -> None:
    assert Refund("re_1", 0, 1, 0, b"").is_external
    assert not HALF.is_external
    assert Refund("re_1", 0, 0, 0, b"").is_silent
    assert not Refund("rfd_1", 0, 0, 0, b"").is_silent


def test_an_unpaid_order_can_be_paid_until_its_time() -> None:
    one = order("awaiting_payment", paid=None)
    payments.check_payable(one, one.pay_until_ms - 1)
    with pytest.raises(NotAllowedInThisState):
        payments.check_payable(one, one.pay_until_ms)
    with pytest.raises(NotAllowedInThisState) as refused:
        payments.check_payable(order("approved", kind="service"), 0)
    assert "To be used" in refused.value.detail("en")


def test_nobody_pays_an_order_whose_charge_it_did_not_take() -> None:
    other = order("awaiting_payment", paid=None, cash_events=(event("other_amount"),))
    with pytest.raises(PaymentClosed):
        payments.check_payable(other, 0)
