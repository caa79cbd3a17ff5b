"""The journal's entries of a withdrawal, and the texts of its limits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.ledger import SecondPersonRequired
from chalicelib.payments.rules.gateway import Movement
from chalicelib.payments.rules.journal import BANK, FEES, PROVIDER, REBATES, CashEntry, CashPosting
from chalicelib.withdrawals.errors import (
    LIMITS,
    TOO_LITTLE,
    USED_UP,
    WithdrawalBelowMinimum,
    WithdrawalLimitReached,
)
from chalicelib.withdrawals.rules import withdrawals as rules
from chalicelib.withdrawals.rules.bank_files import BankLine, bank_csv
from chalicelib.withdrawals.rules.payout_accounts import PROVIDER_KIND, BankAccount
from chalicelib.withdrawals.rules.withdrawals import Limits, Step, Withdrawal

pytestmark = pytest.mark.pure

PAID = Withdrawal("wdr_1", "mbr_1", 12_000, "CNY", "bank", b"", 1, b"", 0, status="paid")


def entry(kind: str, reference: str, legs: list[tuple[str, int]], **other: Any) -> CashEntry:
    given: dict[str, Any] = {"occurred_at_ms": 9, "transaction": None} | other
    return CashEntry(
        reference,
        kind,
        "CNY",
        tuple(CashPosting(*leg) for leg in legs),
        "withdrawal:wdr_1",
        recorded_at_ms=9,
        **given,
    )


def test_our_bank_sends_a_withdrawal_and_takes_it_back() -> None:
    sent = [(REBATES, 12_000), (BANK, -12_000)]
    assert rules.sent_by_bank(PAID, 9) == entry("withdrawal", "withdrawal:wdr_1", sent)
    back = [(BANK, 12_000), (REBATES, -12_000)]
    wanted = entry("withdrawal_failed", "withdrawal:wdr_1:failed", back)
    assert rules.returned_by_bank(PAID, 9) == wanted


def line(amount: int, currency: str = "CNY") -> Movement:
    return Movement("txn_1", "transfer", amount, 25, currency, "tr_1", 3)


def test_the_provider_sends_a_withdrawal_and_takes_it_back() -> None:
    legs = [(PROVIDER, -12_025), (FEES, 25), (REBATES, 12_000)]
    assert rules.sent_by_provider(PAID, line(-12_000), 9) == entry(
        "withdrawal", "withdrawal:wdr_1", legs, occurred_at_ms=3, transaction="txn_1"
    )
    legs = [(PROVIDER, 4_975), (FEES, 25), (REBATES, -5_000)]
    assert rules.returned_by_provider(PAID, [line(5_000)], 9) == [
        entry(
            "withdrawal_failed",
            "withdrawal:wdr_1:failed:txn_1",
            legs,
            occurred_at_ms=3,
            transaction="txn_1",
        )
    ]


def test_a_payout_of_another_amount_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match=r"^the provider sends what it was asked to send$"):
        rules.sent_by_provider(PAID, line(-1), 9)
    with pytest.raises(AssertionError, match=r"^what comes back is what was sent$"):
        rules.returned_by_provider(PAID, [line(12_000), line(1)], 9)
    with pytest.raises(AssertionError, match=r"^the provider moves the currency that it was as"):
        rules.sent_by_provider(PAID, line(-12_000, "USD"), 9)


def test_a_return_in_parts_adds_up_and_is_synced_again() -> None:
    first = rules.returned_by_provider(PAID, [line(5_000)], 9)
    after = rules.after_returns(PAID, first, "reversed", "mbr_fin", 20)
    assert (after.status, after.returned, after.due_at_ms, after.version) == ("paid", 5_000, 20, 2)
    rest = rules.returned_by_provider(after, [line(7_000)], 9)
    failed = rules.after_returns(after, rest, "reversed", "mbr_fin", 30)
    assert (failed.status, failed.returned, failed.failure) == ("failed", 12_000, "reversed")
    assert failed.steps == (Step("failed", 30, "mbr_fin"),)


def test_the_author_of_a_state_is_the_last_one() -> None:
    steps = (Step("approved", 1, "mbr_a"), Step("paying", 2, "mbr_b"), Step("approved", 3, "mbr_c"))
    one = replace(PAID, steps=steps)
    assert (one.by_whom("approved"), one.by_whom("paying")) == ("mbr_c", "mbr_b")
    assert one.by_whom("failed") is None


def test_a_refused_act_names_the_state() -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        rules.advance(PAID, "approve", "mbr_a", 1)
    assert refused.value.facts == {"status": "paid"}
    assert "Paid" in refused.value.detail("en")


def test_a_withdrawal_counts_in_its_day_and_month() -> None:
    assert rules.periods(date(2026, 2, 3)) == ("2026-02-03", "2026-02")


LIMIT = Limits(at_least=100, a_day=5_000, a_month=9_000)


def refusal(amount: int, day: int, month: int) -> Any:
    with pytest.raises((WithdrawalBelowMinimum, WithdrawalLimitReached)) as refused:
        rules.check_amount(amount, day, month, LIMIT)
    return refused.value


def test_a_limit_can_be_used_to_the_last_cent() -> None:
    rules.check_amount(5_000, 0, 0, LIMIT)
    rules.check_amount(100, 4_900, 8_900, LIMIT)
    assert refusal(99, 0, 0).facts == {"at_least": 100}


@pytest.mark.parametrize(
    ("amount", "day", "month", "limit", "at_most", "said"),
    [
        (5_001, 0, 0, "a_day", 5_000, LIMITS), (1_001, 0, 8_000, "a_month", 1_000, LIMITS),
        (200, 4_901, 0, "a_day", 0, TOO_LITTLE), (200, 5_000, 0, "a_day", 0, USED_UP),
        (200, 4_999, 0, "a_day", 0, TOO_LITTLE), (200, 0, 8_901, "a_month", 0, TOO_LITTLE),
        (200, 5_000, 9_000, "a_month", 0, USED_UP), (50, 5_000, 0, "a_day", 0, USED_UP),
        (5_001, 0, 4_000, "a_month", 5_000, LIMITS),
    ],
)  # fmt: skip
def test_a_refusal_names_the_least_of_all_limits(
    amount: int, day: int, month: int, limit: str, at_most: int, said: Any
) -> None:
    refused = refusal(amount, day, month)
    assert refused.facts == {"limit": limit, "at_most": at_most}
    wanted = WithdrawalLimitReached(limit=limit, at_most=at_most).saying(said[limit])
    assert refused.detail("en") == wanted.detail("en")


def test_a_bank_file_has_a_line_for_each_payment() -> None:
    account = BankAccount("欧阳", "农行", "1234567890")
    text = bank_csv([BankLine("wdr_1", account, 1_990, "CNY", "2026-11-21")])
    header, row = text.removeprefix("\ufeff").split()[0], text.splitlines()[1]
    assert header == (
        "withdrawal_id,holder,bank,account_number,amount,amount_minor,currency,requested_on"
    )
    assert row == "wdr_1,欧阳,农行,1234 5678 90,19.90,1990,CNY,2026-11-21"
    yen = bank_csv([BankLine("wdr_1", account, 1_990, "JPY", "2026-11-21")])
    assert yen.splitlines()[1] == "wdr_1,欧阳,农行,1234 5678 90,1990,1990,JPY,2026-11-21"


def test_somebody_else_approves_a_withdrawal() -> None:
    asked = replace(PAID, status="requested")
    after = rules.approve(asked, "mbr_2", 9)
    assert (after.status, after.version) == ("approved", 2)
    assert after.steps == (Step("approved", 9, "mbr_2"),)
    assert after.due_at_ms is None
    with pytest.raises(SecondPersonRequired):
        rules.approve(asked, "mbr_1", 9)
    with pytest.raises(NotAllowedInThisState):
        rules.approve(PAID, "mbr_1", 9)


def test_the_provider_is_asked_for_an_approved_payment_at_once() -> None:
    asked = replace(PAID, status="requested", kind=PROVIDER_KIND)
    assert rules.approve(asked, "mbr_2", 9).due_at_ms == 9
