"""Check characters of tax numbers, and the effects of refunds on an invoice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.finance.rules.invoices import (
    COMPANY,
    Invoice,
    check_tax_number,
    is_credit_code,
    issued,
    reversed_by,
    with_amount,
)
from chalicelib.kernel.errors import Invalid, NotAllowedInThisState

pytestmark = pytest.mark.pure

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Of companies that publish theirs, and the sample of the standard.
REAL = ["91350100M000100Y43", "914403001922038216", "91110000802100433B", "91110108551385082Q"]


def invoice(amount: int = 1000) -> Invoice:
    return Invoice("inv_1", "ord_1", "mbr_1", COMPANY, b"s", b"c", amount, "CNY", 0)


@pytest.mark.parametrize("code", REAL)
def test_real_credit_codes_are_accepted(code: str) -> None:
    assert is_credit_code(code)
    assert check_tax_number(COMPANY, code.lower()) == code


@given(st.sampled_from(REAL), st.integers(0, 17), st.sampled_from(LETTERS))
def test_one_wrong_character_is_always_found(code: str, at: int, letter: str) -> None:
    changed = code[:at] + letter + code[at + 1 :]
    assert is_credit_code(changed) == (changed == code)


@given(st.sampled_from(REAL), st.integers(0, 16))
def test_two_swapped_neighbours_are_always_found(code: str, at: int) -> None:
    changed = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert is_credit_code(changed) == (changed == code)


@pytest.mark.parametrize("number", ["110108551385082", "11010855138508X", "11010119900307123X01"])
def test_numbers_from_before_2015_are_accepted(number: str) -> None:
    assert check_tax_number(COMPANY, number) == number


@pytest.mark.parametrize(
    "number",
    ["91350100M000100Y44", "9135010OM000100Y43", "1234567890123456", "11010855138508A",
     "1101011990030712300A", "91350100M000100Y4"],
)  # fmt: skip
def test_an_invalid_tax_number_is_refused(number: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_tax_number(COMPANY, number)
    assert refused.value.fields[0].code == "invalid_tax_number"


def test_a_company_needs_a_number_and_a_person_has_none() -> None:
    with pytest.raises(Invalid, match="invalid") as refused:
        check_tax_number(COMPANY, None)
    assert refused.value.fields[0].code == "required_for_companies"
    with pytest.raises(Invalid) as refused:
        check_tax_number("personal", REAL[0])
    assert refused.value.fields[0].code == "for_companies"
    assert check_tax_number("personal", None) is None


def test_a_refund_lowers_a_request_and_a_full_one_cancels_it() -> None:
    assert (with_amount(invoice(), 400).amount, with_amount(invoice(), 400).status) == (
        400,
        "requested",
    )
    assert with_amount(invoice(), 0).status == "cancelled"


def test_a_cancelled_invoice_stays_cancelled() -> None:
    cancelled = with_amount(invoice(), 0)
    assert with_amount(cancelled, 900) == cancelled
    with pytest.raises(NotAllowedInThisState):
        issued(cancelled, "1" * 20, 1)


@given(st.integers(1, 10**9), st.lists(st.tuples(st.integers(0, 10**9), st.booleans())))
def test_red_invoices_sum_to_the_excess_of_the_issued_amount(
    amount: int, steps: list[tuple[int, bool]]
) -> None:
    made, left = issued(invoice(amount), "1" * 20, 1), amount
    for refunded, is_reversed in steps:
        left -= min(left, refunded)
        made = with_amount(made, left)
        assert (made.status == "red_required") == (made.to_reverse > 0)
        if made.to_reverse and is_reversed:
            made = reversed_by(made, "2" * 20, 2)
            assert (made.to_reverse, made.status) == (0, "red_issued")
        assert sum(red.amount for red in made.reds) + made.to_reverse == made.issued - left
    assert made.issued == amount


def test_only_the_excess_is_reversed() -> None:
    for each in (invoice(), issued(invoice(), "1" * 20, 1)):
        with pytest.raises(NotAllowedInThisState):
            reversed_by(each, "2" * 20, 1)
