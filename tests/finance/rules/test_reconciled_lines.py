"""Lines of both books in common terms, and the first difference of a pair."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.finance.rules import reconciled_lines as rules
from chalicelib.finance.rules.reconciled_lines import BookLine
from chalicelib.payments.rules import journal
from chalicelib.payments.rules.gateway import Movement
from tests.finance.rules.making import AT_MS, cash

pytestmark = pytest.mark.pure

DAY_MS = 86_400_000
OURS = BookLine(True, "charge:ch_1", "txn_1", "charge", 1_000, 30, "CNY", "order:ord_1", AT_MS)
THEIRS = BookLine(False, "txn_1", "txn_1", "charge", 1_000, 30, "CNY", "ch_1", AT_MS, "ord_1")


def test_an_entry_is_told_by_its_amount_before_the_fee_at_its_recording() -> None:
    assert rules.our_line(cash()) == replace(OURS, at_ms=AT_MS + 1)
    assert (OURS.net, rules.our_line(cash(transaction=None)).transaction) == (970, None)


def test_a_movement_is_told_under_its_own_transaction() -> None:
    movement = Movement("txn_1", "charge", 1_000, 30, "CNY", "ch_1", AT_MS, "ord_1")
    assert rules.provider_line(movement) == THEIRS


def test_an_entry_goes_through_the_provider_by_its_transaction_or_its_account() -> None:
    assert rules.goes_through_provider(cash(transaction=None))
    assert rules.goes_through_provider(cash(amount=0, fee=0))
    assert not rules.goes_through_provider(cash(amount=0, fee=0, transaction=None))
    one = cash(amount=1, fee=0, transaction=None)
    assert rules.goes_through_provider(one)


@pytest.mark.parametrize(
    ("kind", "reference"),
    [
        ("charge", "charge:x"), ("payment", "charge:x"), ("refund", "refund:x"),
        ("payment_refund", "refund:x"), ("refund_failure", "refund:x:failed"),
        ("payment_failure_refund", "refund:x:failed"), ("adjustment", "dispute:x:txn_1"),
        ("payout", "payout:x"), ("payout_failure", "payout:x:failed"),
        ("payout_cancel", "payout:x:failed"), ("transfer", None), ("unknown", None),
    ],
)  # fmt: skip
def test_a_providers_line_leads_to_our_reference(kind: str, reference: str | None) -> None:
    assert rules.reference_of(replace(THEIRS, type=kind, source="x")) == reference
    assert rules.reference_of(replace(THEIRS, type=kind, source=None)) is None
    assert rules.reference_of(replace(OURS, type=kind)) is None


def kind(ours: dict[str, Any] | None = None, theirs: dict[str, Any] | None = None) -> str:
    return rules.kind_of_pair(replace(OURS, **ours or {}), replace(THEIRS, **theirs or {}))


def test_a_pair_of_one_day_is_matched_and_one_of_two_days_late() -> None:
    assert kind() == "matched"
    assert kind({"at_ms": AT_MS + DAY_MS}) == kind(None, {"at_ms": AT_MS - DAY_MS}) == "late"
    # The program's day ends at 16:00 UTC.
    end_ms = AT_MS + 8 * 3_600_000
    assert (kind({"at_ms": end_ms - 1}), kind({"at_ms": end_ms})) == ("matched", "late")


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        ({"currency": "USD", "type": "x"}, "currency_differs"),
        ({"type": "refund", "source": "x"}, "type_differs"),
        ({"source": "ch_2", "amount": 9}, "source_differs"),
        ({"our_id": "ord_2"}, "source_differs"), ({"our_id": None}, "matched"),
        ({"amount": 1_001, "fee": 9}, "amount_differs"), ({"fee": 31}, "fee_differs"),
        ({"type": "payment"}, "matched"), ({"source": None}, "source_differs"),
    ],
)  # fmt: skip
def test_a_pair_is_named_for_its_first_difference(theirs: dict[str, Any], found: str) -> None:
    assert kind(None, theirs) == found


def test_a_type_that_the_provider_has_no_name_for_differs() -> None:
    assert kind({"type": journal.COD_COLLECTED}) == "type_differs"


@pytest.mark.parametrize(
    ("type_", "amount", "found"),
    [
        (journal.DISPUTE, -500, "matched"), (journal.DISPUTE, 500, "type_differs"),
        (journal.DISPUTE_WON, 500, "matched"), (journal.DISPUTE_WON, -500, "type_differs"),
        (journal.DISPUTE_WON, 0, "matched"), (journal.DISPUTE, 0, "type_differs"),
    ],
)  # fmt: skip
def test_a_dispute_takes_money_and_a_won_one_gives_it_back(
    type_: str, amount: int, found: str
) -> None:
    ours = {"type": type_, "name": "dispute:dp_1:txn_1", "amount": amount}
    theirs = {"type": "adjustment", "source": "dp_1", "our_id": None, "amount": amount}
    assert kind(ours, theirs) == found
    assert kind(ours, theirs | {"amount": 7}) == "amount_differs"


@pytest.mark.parametrize(
    ("ours", "found"),
    [
        ({"source": "order:ord_1"}, "matched"), ({"source": "provider"}, "source_differs"),
        ({"source": "withdrawal:ord_1"}, "source_differs"), ({"source": None}, "source_differs"),
        ({"name": "charge:ch_2"}, "source_differs"), ({"name": "charge:ch_1:x"}, "matched"),
    ],
)  # fmt: skip
def test_a_charge_is_for_an_order(ours: dict[str, Any], found: str) -> None:
    assert kind(ours) == found


def test_money_without_an_order_is_the_providers() -> None:
    theirs = {"our_id": None}
    assert kind({"source": "provider"}, theirs) == "matched"
    assert kind({"source": None}, theirs) == kind({"source": "x"}, theirs) == "source_differs"


def test_a_payout_is_the_providers_alone() -> None:
    for type_, name in ((journal.PAYOUT, "payout"), (journal.PAYOUT_FAILED, "payout_failure")):
        theirs = {"type": name, "source": "po_1", "our_id": None}
        ours = {"type": type_, "name": "payout:po_1", "source": "provider"}
        assert kind(ours, theirs) == "matched"
        assert kind(ours | {"source": "order:ord_1"}, theirs) == "source_differs"


def test_a_withdrawal_is_named_by_our_reference_alone() -> None:
    for type_, name in (
        (journal.WITHDRAWAL, "transfer"),
        (journal.WITHDRAWAL_FAILED, "transfer_refund"),
    ):
        theirs = {"type": name, "source": "tr_1", "our_id": "wdr_1"}
        source = {"type": type_, "source": "withdrawal:wdr_1"}
        for reference in ("withdrawal:wdr_1", "withdrawal:wdr_1:failed:txn_1"):
            assert kind(source | {"name": reference}, theirs) == "matched"
        assert kind(source | {"name": "withdrawal:wdr_2"}, theirs) == "source_differs"
        assert kind(source | {"name": "withdrawal:wdr_1"}, theirs | {"our_id": "x"}) == (
            "source_differs"
        )
