"""Each movement at the provider is one entry of the journal, external refunds included."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel.money import Money
from chalicelib.payments.rules import journal
from chalicelib.payments.rules.entries import (
    charge_entry,
    dispute_entries,
    our_entry,
    payout_entries,
    refund_entries,
)
from chalicelib.payments.rules.external_refunds import dispute_at_provider, refund_at_provider
from chalicelib.payments.rules.gateway import (
    Movement,
    ProviderDispute,
    ProviderPayout,
    ProviderRefund,
)
from chalicelib.payments.rules.journal import (
    BANK,
    DISPUTED,
    FEES,
    LOSSES,
    PROVIDER,
    SALES,
    UNAPPLIED,
    CashEntry,
    CashPosting,
)
from chalicelib.payments.rules.payments import Payment, order_id_of, payment_id_of
from chalicelib.payments.rules.refunds import BANK_TAKES_MS, CashRefund, CashState, back_by
from chalicelib.payments.rules.words import not_allowed

pytestmark = pytest.mark.pure

NOW = 99


def line(amount: int, fee: int = 0, name: str = "txn_1") -> Movement:
    return Movement(name, "x", amount, fee, "CNY", "ch_1", 7)


def entry(
    reference: str,
    kind: str,
    legs: list[tuple[str, int]],
    name: str | None = "txn_1",
    source: str = "order:ord_1",
    at_ms: int = 7,
) -> CashEntry:
    postings = tuple(CashPosting(*leg) for leg in legs)
    return CashEntry(reference, kind, "CNY", postings, source, at_ms, NOW, name)


def test_a_charge_is_booked_less_its_fee() -> None:
    legs = [(PROVIDER, 970), (FEES, 30), (SALES, -1_000)]
    made = charge_entry("ord_1", "ch_1", line(1_000, 30), SALES, NOW)
    assert made == entry("charge:ch_1", "charge", legs)
    assert (made.on(PROVIDER), made.on(SALES), made.on(BANK)) == (970, -1_000, 0)


def test_legs_of_0_are_left_out() -> None:
    free = charge_entry("ord_1", "ch_1", line(1_000), SALES, NOW)
    assert [leg.account for leg in free.postings] == [PROVIDER, SALES]


def test_postings_that_do_not_sum_to_0_are_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"^postings sum to 0$"):
        entry("x", "charge", [(PROVIDER, 1)])


def test_money_moves_from_one_account_to_another() -> None:
    assert journal.moved(5, BANK, PROVIDER) == (CashPosting(BANK, 5), CashPosting(PROVIDER, -5))


def test_an_entry_of_ours_happens_when_it_is_recorded_and_has_no_line_of_the_provider() -> None:
    made = our_entry("gap", "gap:1", "order:ord_1", Money(5, "CNY"), LOSSES, UNAPPLIED, NOW)
    assert made == entry("gap:1", "gap", [(LOSSES, 5), (UNAPPLIED, -5)], None, at_ms=NOW)


def test_a_refund_is_booked_when_it_leaves_and_when_it_fails() -> None:
    waits = ProviderRefund("re_1", None, 500, "pending", None)
    assert refund_entries("ord_1", waits, SALES, NOW) == []
    failed = ProviderRefund("re_1", None, 500, "failed", line(-500), line(500, name="txn_2"))
    assert refund_entries("ord_1", failed, SALES, NOW) == [
        entry("refund:re_1", "refund", [(PROVIDER, -500), (SALES, 500)]),
        entry("refund:re_1:failed", "refund_failed", [(PROVIDER, 500), (SALES, -500)], "txn_2"),
    ]


def test_a_dispute_is_booked_when_it_takes_and_when_it_returns_money() -> None:
    won = ProviderDispute("dp_1", 500, "won", (line(-500, 15), line(500, -15, "txn_2")))
    assert dispute_entries("ord_1", won, 0, NOW) == [
        entry("dispute:dp_1:txn_1", "dispute", [(PROVIDER, -515), (FEES, 15), (DISPUTED, 500)]),
        entry(
            "dispute:dp_1:txn_2",
            "dispute_won",
            [(PROVIDER, 515), (FEES, -15), (DISPUTED, -500)],
            "txn_2",
        ),
    ]


def lost(unapplied: int, *movements: Movement) -> CashEntry:
    told = ProviderDispute("dp_1", 500, "lost", movements or (line(-500),))
    return dispute_entries("ord_1", told, unapplied, NOW)[-1]


@pytest.mark.parametrize(
    ("unapplied", "legs"),
    [
        (0, [(LOSSES, 500)]), (200, [(UNAPPLIED, 200), (LOSSES, 300)]),
        (500, [(UNAPPLIED, 500)]), (900, [(UNAPPLIED, 500)]),
    ],
)  # fmt: skip
def test_a_lost_dispute_takes_unapplied_money_first_and_the_rest_is_a_loss(
    unapplied: int, legs: list[tuple[str, int]]
) -> None:
    wanted = entry("dispute:dp_1:lost", "dispute_lost", [*legs, (DISPUTED, -500)], None, at_ms=NOW)
    assert lost(unapplied) == wanted


def test_a_lost_dispute_with_returned_money_costs_nothing_more() -> None:
    told = ProviderDispute("dp_1", 500, "lost", (line(-500), line(500, 0, "txn_2")))
    assert [each.type for each in dispute_entries("ord_1", told, 0, NOW)] == [
        "dispute",
        "dispute_won",
    ]
    open_ = ProviderDispute("dp_1", 500, "open", (line(-500),))
    assert len(dispute_entries("ord_1", open_, 0, NOW)) == 1


def test_a_payout_to_our_bank_may_fail() -> None:
    payout = ProviderPayout(
        "po_1", "", Money(900, "CNY"), "failed", (line(-900, 5), line(900, -5, "txn_2"))
    )
    assert payout_entries(payout, NOW) == [
        entry(
            "payout:po_1", "payout", [(PROVIDER, -905), (FEES, 5), (BANK, 900)], source="provider"
        ),
        entry(
            "payout:po_1:failed",
            "payout_failed",
            [(PROVIDER, 905), (FEES, -5), (BANK, -900)],
            "txn_2",
            source="provider",
        ),
    ]


def test_a_payout_with_one_returned_fen_has_failed_by_one_fen() -> None:
    payout = ProviderPayout("po_1", "", Money(1, "CNY"), "failed", (line(1),))
    assert [each.type for each in payout_entries(payout, NOW)] == ["payout_failed"]


def test_an_order_and_its_payment_name_each_other() -> None:
    assert (payment_id_of("ord_a1"), order_id_of("pay_a1")) == ("pay_a1", "ord_a1")
    assert (payment_id_of("a1"), order_id_of("a1")) == ("pay_a1", "ord_a1")
    made = Payment("ord_a1", "pi_1", Money(1, "CNY"), b"", b"", 0)
    assert (made.id, made.by_hand, made.failed_there, made.version) == ("pay_a1", 0, 0, 0)


@pytest.mark.parametrize(
    ("told", "status", "version"),
    [("pending", "sent", 1), ("succeeded", "succeeded", 2), ("failed", "canceled", 3),
     ("canceled", "canceled", 3)],
)  # fmt: skip
def test_an_external_refund_is_recorded_in_its_current_state(
    told: Any, status: str, version: int
) -> None:
    made = ProviderRefund("re_1", None, 500, told, line(-500))
    assert refund_at_provider("ord_1", made, SALES, "CNY", NOW) == CashRefund(
        "re_1", "ord_1", Money(500, "CNY"), SALES, "at_provider", status, 7, version=version
    )
    unbooked = ProviderRefund("re_1", None, 500, told, None)
    assert refund_at_provider("ord_1", unbooked, SALES, "CNY", NOW).created_at_ms == NOW


@pytest.mark.parametrize(
    ("told", "status", "version"),
    [("open", "sent", 2), ("won", "canceled", 3), ("lost", "succeeded", 3)],
)
def test_a_dispute_is_recorded_with_its_current_state(told: Any, status: str, version: int) -> None:
    made = ProviderDispute("dp_1", 500, told, (line(-500),))
    assert dispute_at_provider("ord_1", made, SALES, "CNY", NOW) == CashRefund(
        "dp_1", "ord_1", Money(500, "CNY"), SALES, "dispute", status, 7, version=version
    )
    asked = ProviderDispute("dp_1", 500, told, (), is_inquiry=True)
    found = dispute_at_provider("ord_1", asked, SALES, "CNY", NOW)
    assert (found.created_at_ms, found.version) == (NOW, version - 1)


def refund(status: str = "due", failure: str | None = None, **other: Any) -> CashRefund:
    given = {"id": "rfd_1", "reason": "破损"} | other
    return CashRefund(
        order_id="ord_1",
        amount=Money(5, "CNY"),
        contra=SALES,
        status=status,
        created_at_ms=7,
        failure=failure,
        **given,
    )


@pytest.mark.parametrize(
    ("made", "state", "is_expected"),
    [
        (refund("due"), "pending", True), (refund("sent"), "pending", True),
        (refund("succeeded"), "succeeded", True), (refund("by_hand"), "succeeded", False),
        (refund("closed", "waived"), "succeeded", False), (refund("closed"), "not_due", False),
        (refund("failed", "expired_card"), "failed", False),
        (refund("failed", "by_hand"), "pending", False),
        (refund("sent", reason="dispute"), "pending", False),
    ],
)  # fmt: skip
def test_a_payer_sees_the_state_of_a_refund(
    made: CashRefund, state: Any, is_expected: bool
) -> None:
    expected = 7 + 14 * 24 * 3600 * 1000 if is_expected else None
    assert made.told == CashState(state, expected)
    assert back_by(7) == 7 + BANK_TAKES_MS


def test_a_refund_is_open_until_it_ends() -> None:
    opened = {status: refund(status).is_open for status in ("due", "sent", "succeeded", "failed")}
    assert opened == {"due": True, "sent": True, "succeeded": False, "failed": False}
    assert not refund("due", id="re_1").is_open


def test_a_failed_refund_names_its_next_attempt() -> None:
    assert refund("closed", "retried:rfd_2").retried_as == "rfd_2"
    assert refund("failed", "expired_card").retried_as is None
    assert refund("due").retried_as is None


def test_a_refused_act_names_the_state_of_the_refund() -> None:
    refused = not_allowed("by_hand")
    assert refused.facts == {"status": "by_hand"}
    assert "By bank transfer" in refused.detail("en")
