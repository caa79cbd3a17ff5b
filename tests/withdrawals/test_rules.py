"""The rules of withdrawals: check digits, masks, cells, states, the journal."""

from __future__ import annotations

import csv
import io
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.kernel.csv_cells import safe
from chalicelib.kernel.errors import JifenError, NotAllowedInThisState
from chalicelib.payments.rules.gateway import Movement
from chalicelib.payments.rules.journal import FEES, PROVIDER, REBATES
from chalicelib.withdrawals.errors import WithdrawalBelowMinimum, WithdrawalLimitReached
from chalicelib.withdrawals.rules import withdrawals as rules
from chalicelib.withdrawals.rules.bank_files import BankLine, bank_csv, in_fours
from chalicelib.withdrawals.rules.payout_accounts import (
    BankAccount,
    ProviderAccount,
    masked,
    passes_luhn,
)
from chalicelib.withdrawals.rules.withdrawals import Step, Withdrawal

pytestmark = pytest.mark.pure

ASKED = Withdrawal("wdr_1", "mbr_1", 12_000, "CNY", "provider", b"", 1, b"", 0)
ALLOWED = {
    ("approve", "requested"): "approved",
    ("reject", "requested"): "rejected", ("reject", "approved"): "rejected",
    ("pay", "approved"): "paying", ("settle", "paying"): "paid",
    ("fail", "approved"): "failed", ("fail", "paying"): "failed", ("return", "paid"): "failed",
}  # fmt: skip
ACTS = ("approve", "reject", "pay", "settle", "fail", "return")


@pytest.mark.parametrize(("act", "status"), list(product(ACTS, rules.STATUSES)))
def test_each_act_is_allowed_in_its_states_only(act: str, status: str) -> None:
    seen = Withdrawal(
        "wdr_1", "mbr_1", 1, "CNY", "bank", b"", 1, b"", 0, status=status, due_at_ms=7
    )
    if (act, status) in ALLOWED:
        after = rules.advance(seen, act, "mbr_staff", 5)
        assert (after.status, after.version) == (ALLOWED[act, status], 2)
        assert after.steps == (Step(after.status, 5, "mbr_staff"),)
        assert after.due_at_ms is None
    else:
        with pytest.raises(NotAllowedInThisState):
            rules.advance(seen, act, "mbr_staff", 5)


@pytest.mark.parametrize("number", ["4111111111111111", "6011000990139424", "79927398713", "0"])
def test_numbers_with_the_right_check_digit_pass(number: str) -> None:
    assert passes_luhn(number)


@given(st.text("0123456789", min_size=15, max_size=18), st.integers(0, 17), st.integers(1, 9))
def test_every_wrong_digit_is_found(body: str, place: int, by: int) -> None:
    good = next(body + str(last) for last in range(10) if passes_luhn(body + str(last)))
    at = place % len(good)
    wrong = good[:at] + str((int(good[at]) + by) % 10) + good[at + 1 :]
    assert not passes_luhn(wrong)


def test_a_mask_shows_the_owner_and_the_last_digits_alone() -> None:
    assert masked(BankAccount("欧阳娜娜", "农行", "12345678")) == BankAccount(
        "欧***", "农行", "****5678"
    )
    assert masked(ProviderAccount("acct_1PgafTB7")) == ProviderAccount("acct_****fTB7")


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_a_file_holds_its_lines_in_safe_cells(
    people: list[tuple[str, str]],
) -> None:
    people = [(a.replace("\0", ""), b.replace("\0", "")) for a, b in people]
    lines = [
        BankLine("wdr_1", BankAccount(holder, bank, "12345678"), 1990, "CNY", "2026-11-21")
        for holder, bank in people
    ]
    text = bank_csv(lines)
    assert text == bank_csv(lines)
    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1:]
    assert [row[1:3] for row in read] == [[safe(a), safe(b)] for a, b in people]


@given(st.text("0123456789", min_size=8, max_size=32))
def test_groups_of_four_keep_every_digit(number: str) -> None:
    shown = in_fours(number)
    assert shown.replace(" ", "") == number
    assert " " in shown or len(number) <= 4


def _line(amount: int, fee: int, name: str = "txn_1") -> Movement:
    return Movement(name, "transfer", amount, fee, "CNY", "tr_1", 3)


def test_a_provider_payout_books_its_fee() -> None:
    entry = rules.sent_by_provider(ASKED, _line(-12_000, 25), 9)
    assert entry.on(PROVIDER) == -12_025
    assert (entry.on(FEES), entry.on(REBATES)) == (25, 12_000)
    assert (entry.occurred_at_ms, entry.recorded_at_ms) == (3, 9)


def test_each_returned_part_is_an_entry_with_its_own_reference() -> None:
    back = [_line(5_000, 0, "txn_2"), _line(7_000, 0, "txn_3")]
    entries = rules.returned_by_provider(ASKED, back, 9)
    assert [entry.reference for entry in entries] == [
        "withdrawal:wdr_1:failed:txn_2",
        "withdrawal:wdr_1:failed:txn_3",
    ]
    assert sum(entry.on(REBATES) for entry in entries) == -12_000
    assert [entry.transaction for entry in entries] == ["txn_2", "txn_3"]


def test_a_return_above_the_sent_amount_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        rules.returned_by_provider(replace(ASKED, returned=1), [_line(12_000, 0, "txn_2")], 9)


@pytest.mark.parametrize(
    ("part", "status", "failure"), [(11_999, "paid", None), (12_000, "failed", "reversed")]
)
def test_a_withdrawal_has_failed_once_all_is_returned(
    part: int, status: str, failure: str | None
) -> None:
    paid = replace(ASKED, status="paid")
    entries = rules.returned_by_provider(paid, [_line(part, 0, "txn_2")], 9)
    after = rules.after_returns(paid, entries, "reversed", "system", 9)
    assert (after.status, after.returned, after.failure) == (status, part, failure)
    assert (after.version, after.due_at_ms) == (2, 9 if status == "paid" else None)


@pytest.mark.parametrize("amount", [-11_999, -12_001, 12_000])
def test_a_payout_of_another_amount_is_not_recorded(amount: int) -> None:
    with pytest.raises(AssertionError):
        rules.sent_by_provider(ASKED, _line(amount, 0), 9)


@given(
    amount=st.integers(1, 60_000),
    taken_day=st.integers(0, 60_000),
    taken_month=st.integers(0, 120_000),
    at_least=st.integers(1, 2_000),
)
def test_the_amount_named_in_a_refusal_is_accepted(
    amount: int, taken_day: int, taken_month: int, at_least: int
) -> None:
    limits = rules.Limits(at_least, 50_000, 100_000)

    def fits(asked: int) -> bool:
        within = asked <= min(50_000 - taken_day, 100_000 - taken_month)
        return at_least <= asked and within

    refused: JifenError | None = None
    try:
        rules.check_amount(amount, taken_day, taken_month, limits)
    except (WithdrawalBelowMinimum, WithdrawalLimitReached) as error:
        refused = error
    assert (refused is None) == fits(amount)
    if isinstance(refused, WithdrawalBelowMinimum):
        assert amount < at_least
        assert fits(refused.facts["at_least"])
    elif refused is not None:
        named = refused.facts["at_most"]
        assert (fits(named), fits(named + 1)) == (named > 0, False)
        assert named > 0 or not fits(at_least)
