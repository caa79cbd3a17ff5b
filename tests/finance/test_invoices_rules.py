"""Check characters of tax numbers, and the effects of refunds on an invoice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.finance.errors import NothingToInvoice
from chalicelib.finance.rules.invoices import (
    COMPANY,
    Invoice,
    Red,
    check_tax_number,
    invoiced_cash,
    is_credit_code,
    issued,
    paid_cash,
    reversed_by,
    with_amount,
)
from chalicelib.kernel.errors import Invalid, NotAllowedInThisState
from chalicelib.orders.errors import OrderDisputed
from chalicelib.orders.rules import Refund
from tests.orders.rules.making import order

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


@pytest.mark.parametrize(
    ("kind", "number", "code", "zh", "en"),
    [
        (COMPANY, None, "required_for_companies", "企业发票须填税号", "companies need one"),
        ("personal", REAL[0], "for_companies", "个人发票无需税号", "is for companies"),
        (COMPANY, "1", "invalid_tax_number", "税号无效", "is not a valid tax number"),
    ],
)
def test_a_company_needs_a_number_and_a_person_has_none(
    kind: str, number: str | None, code: str, zh: str, en: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_tax_number(kind, number)
    (found,) = refused.value.fields
    assert (found.field, found.code) == ("tax_number", code)
    assert (found.message.zh, found.message.en) == (zh, en)
    assert check_tax_number("personal", None) is None


def refund(cash: int) -> Refund:
    return Refund("rfd_1", 0, cash, 0, b"")


@pytest.mark.parametrize("status", ["delivered", "completed"])
def test_the_cash_of_a_delivered_order_less_refunds_is_invoiced(status: str) -> None:
    assert invoiced_cash(order(status)) == 3_500
    assert invoiced_cash(order(status, refunds=(refund(3_499),))) == 1
    assert paid_cash(order(status, paid=None)) == 0
    for nothing in (order(status, refunds=(refund(3_500),)), order(status, paid=None)):
        with pytest.raises(NothingToInvoice):
            invoiced_cash(nothing)


def test_an_order_is_invoiced_once_it_is_delivered_and_undisputed() -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        invoiced_cash(order("shipped"))
    assert refused.value.facts == {"status": "shipped"}
    assert "Shipped" in refused.value.detail("en")
    with pytest.raises(NotAllowedInThisState) as refused:
        invoiced_cash(order("approved", kind="service"))
    assert "To be used" in refused.value.detail("en")
    with pytest.raises(OrderDisputed):
        invoiced_cash(order("delivered", disputed=True))


def test_an_issued_invoice_keeps_its_number_amount_and_time() -> None:
    made = issued(invoice(900), "1" * 20, 7)
    assert (made.status, made.number, made.issued, made.issued_at_ms) == (
        "issued",
        "1" * 20,
        900,
        7,
    )
    assert (made.amount, made.id, made.reds) == (900, "inv_1", ())


def test_a_red_invoice_keeps_its_number_amount_and_time() -> None:
    made = with_amount(issued(invoice(900), "1" * 20, 7), 400)
    once = reversed_by(made, "2" * 20, 8)
    assert (once.reds, once.status, once.amount) == ((Red("2" * 20, 500, 8),), "red_issued", 400)
    twice = reversed_by(with_amount(once, 100), "3" * 20, 9)
    assert twice.reds == (Red("2" * 20, 500, 8), Red("3" * 20, 300, 9))
    assert with_amount(once, 400) == once
    whole = issued(invoice(900), "1" * 20, 7)
    assert with_amount(whole, 900) == whole


def test_a_refund_that_failed_needs_no_red_invoice() -> None:
    whole = issued(invoice(900), "1" * 20, 7)
    assert with_amount(with_amount(whole, 400), 900) == whole
    once = reversed_by(with_amount(whole, 400), "2" * 20, 8)
    assert with_amount(with_amount(once, 100), 400) == once


def test_a_refusal_names_the_state_of_the_invoice() -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        reversed_by(invoice(), "2" * 20, 1)
    assert refused.value.facts == {"status": "requested"}
    assert "待开票" in refused.value.detail("zh-CN")
    with pytest.raises(NotAllowedInThisState) as refused:
        issued(issued(invoice(), "1" * 20, 1), "2" * 20, 1)
    assert refused.value.facts == {"status": "issued"}
    assert "Issued" in refused.value.detail("en")


def test_a_refund_lowers_a_request_and_a_full_one_cancels_it() -> None:
    assert (with_amount(invoice(), 400).amount, with_amount(invoice(), 400).status) == (
        400,
        "requested",
    )
    assert with_amount(invoice(), 1).status == "requested"
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
