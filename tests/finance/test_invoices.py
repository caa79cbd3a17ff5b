"""Requests of invoices: by the buyer, for paid cash, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.finance.actions import invoices as actions
from chalicelib.finance.queries.invoices import find_invoice_of
from chalicelib.finance.rules.invoices import Buyer
from chalicelib.finance.tables.invoices import InvoiceItem
from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError
from tests.api import Api, new_key, token
from tests.finance.invoicing import ADMIN, COMPANY, PERSONAL, Invoicing, tell


@pytest.fixture
def mall(api: Api) -> Invoicing:
    return Invoicing(api)


def test_a_company_requests_an_invoice_for_its_cash(mall: Invoicing) -> None:
    order_id = mall.order(1980)
    made = mall.ask(order_id)
    assert made.status == 201, made.body
    assert made.body["id"].startswith("inv_")
    shown = {name: made.body[name] for name in COMPANY}
    assert shown == COMPANY
    assert made.body["amount"] == {"amount": 1980, "currency": "CNY"}
    assert (made.body["status"], made.body["status_text"]) == ("requested", "Requested")
    assert mall.show(order_id) == made.body
    assert mall.listed("requested") == [made.body["id"]]


def test_a_person_needs_no_tax_number(mall: Invoicing) -> None:
    made = mall.ask(mall.order(), PERSONAL)
    assert (made.status, made.body["tax_number"], made.body["title"]) == (201, None, "李雷")


def test_a_refund_before_the_request_is_not_invoiced(mall: Invoicing) -> None:
    order_id = mall.order(1980)
    mall.refund(order_id, 480)
    assert mall.ask(order_id).body["amount"]["amount"] == 1500


def test_the_staff_sees_an_orders_invoice_without_its_buyer(mall: Invoicing) -> None:
    order_id = mall.order(1980)
    path = f"/v1/admin/orders/{order_id}/invoices"
    ops = token("mbr_staff", "ops")
    assert mall.api.get(path, as_=ops).body == {"data": []}
    made = mall.ask(order_id).body
    answer = mall.api.get(path, as_=ops)
    shown = {name: made[name] for name in ("id", "status", "status_text", "amount", "number")}
    shown |= {name: made[name] for name in ("issued_amount", "to_reverse")}
    assert (answer.status, answer.body) == (200, {"data": [shown]})


def test_a_retry_of_a_request_returns_the_same_invoice(mall: Invoicing) -> None:
    order_id, key = mall.order(), new_key()
    first, again = mall.ask(order_id, key=key), mall.ask(order_id, key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = mall.ask(order_id, PERSONAL, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert mall.show(order_id) == first.body


def test_a_retry_is_answered_after_any_change_to_the_order(mall: Invoicing) -> None:
    order_id, key = mall.order(), new_key()
    first = mall.ask(order_id, key=key)
    mall.refund(order_id, 1980)
    again = mall.ask(order_id, key=key)
    assert (again.status, again.body["id"], again.body["status"]) == (
        201,
        first.body["id"],
        "cancelled",
    )


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"status": "shipped"}, "not_allowed_in_this_state"),
        # Of a time at which no sweep of other tests comes upon it.
        (
            {"status": "awaiting_payment", "paid": None, "created_at_ms": 4 * 10**12},
            "not_allowed_in_this_state",
        ),
        ({"status": "cancelled"}, "not_allowed_in_this_state"),
        ({"cash": 0, "currency": None, "paid": None}, "nothing_to_invoice"),
        ({"paid": None, "method": "cod"}, "nothing_to_invoice"),
        ({"disputed": True}, "order_disputed"),
    ],
    ids=["on its way", "unpaid", "cancelled", "points alone", "not collected yet", "disputed"],
)
def test_an_order_that_cannot_be_invoiced_is_refused(
    mall: Invoicing, order: Any, code: str
) -> None:
    order_id = mall.order(**order)
    answer = mall.ask(order_id)
    assert (answer.status, answer.body["code"]) == (409, code)
    assert find_invoice_of(order_id) is None


def test_an_order_has_one_open_invoice_at_most(mall: Invoicing) -> None:
    order_id = mall.order()
    first = mall.ask(order_id)
    second = mall.ask(order_id, PERSONAL)
    assert (second.status, second.body["code"]) == (409, "invoice_exists")
    assert second.body["invoice_id"] == first.body["id"]
    assert mall.show(order_id) == first.body


def test_anothers_order_shows_no_invoice(mall: Invoicing) -> None:
    order_id = mall.order()
    stranger = token(ids.new_id("mbr"))
    assert mall.ask(order_id, as_=stranger).status == 404
    assert find_invoice_of(order_id) is None
    mall.asked(order_id)
    assert mall.api.get(f"/v1/orders/{order_id}/invoice", as_=stranger).status == 404


def test_the_invoice_of_an_order_without_one_is_not_found(mall: Invoicing) -> None:
    path = f"/v1/orders/{mall.order()}/invoice"
    assert mall.api.get(path, as_=mall.me).status == 404


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"tax_number": None}, "tax_number", "required_for_companies"),
        ({"tax_number": "91350100M000100Y44"}, "tax_number", "invalid_tax_number"),
        ({"tax_number": "short"}, "tax_number", "too_short"),
        ({"kind": "personal"}, "tax_number", "for_companies"),
        ({"kind": "partnership"}, "kind", "not_one_of"),
        ({"email": "nobody"}, "email", "invalid_email"),
        ({"title": "   "}, "title", "blank"),
        ({"title": "x" * 101}, "title", "too_long"),
        ({"title": "two\nlines"}, "title", "invalid"),
    ],
)
def test_an_invalid_request_names_its_field(
    mall: Invoicing, change: Any, field: str, code: str
) -> None:
    order_id = mall.order()
    answer = mall.ask(order_id, {**COMPANY, **change})
    (error,) = answer.body["errors"]
    assert (answer.status, error["field"], error["code"]) == (400, field, code)
    assert find_invoice_of(order_id) is None


def test_a_refund_between_read_and_write_is_not_lost(
    mall: Invoicing, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id, look = mall.order(1980), actions.get_order
    refunds = iter([480])

    def refunded_meanwhile(*asked: Any) -> Any:
        seen = look(*asked)
        for cash in refunds:
            tell(mall.refund(order_id, cash))
        return seen

    monkeypatch.setattr(actions, "get_order", refunded_meanwhile)
    assert mall.ask(order_id).body["amount"]["amount"] == 1500


def test_twenty_concurrent_requests_make_one_invoice(mall: Invoicing) -> None:
    order_id, buyer = mall.order(), Buyer("李雷", None, "l@example.com")

    def ask(_: int) -> str:
        try:
            asked = actions.InvoiceRequest(
                ids.new_id("inv"), order_id, mall.member, "personal", buyer, b"c"
            )
            made, _replayed = actions.request_invoice(asked, clock.now())
        except JifenError as error:
            return error.code
        return made.id

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(20)))
    made = [each for each in answers if each.startswith("inv_")]
    assert (len(made), set(answers) - set(made)) == (1, {"invoice_exists"})


def test_the_buyer_is_sealed_and_lists_show_a_masked_e_mail(mall: Invoicing) -> None:
    invoice_id = mall.asked(mall.order())
    item = InvoiceItem.find(f"INVOICE#{invoice_id}", "INVOICE")
    stored = str(item.to_dynamodb_dict())
    for personal in (COMPANY["title"], COMPANY["tax_number"], COMPANY["email"]):
        assert personal.encode() not in item.buyer
        assert personal not in stored
    (shown,) = mall.views("requested")
    assert (shown["id"], shown["email"]) == (invoice_id, "f***@example.com")
    one = mall.api.get(f"{ADMIN}/{invoice_id}", as_=mall.finance)
    assert (one.status, one.body["email"]) == (200, COMPANY["email"])
    assert mall.api.get(f"{ADMIN}/inv_none", as_=mall.finance).status == 404
