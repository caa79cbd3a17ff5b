"""Issuing invoices, and red ones for refunds; each step once."""

from __future__ import annotations

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from chalicelib.audit.queries import acts_on
from chalicelib.finance.queries.invoices import find_invoice, find_invoice_of
from chalicelib.kernel.cursors import PageQuery
from chalicelib.kernel.store.streams import Change
from chalicelib.orders import OrderRefunded
from chalicelib.orders.events import facts_of
from chalicelib.orders.tables import OrderItem
from tests.api import Api, new_key
from tests.finance.invoicing import Invoicing, number, tell


@pytest.fixture
def mall(api: Api) -> Invoicing:
    return Invoicing(api)


def acts(invoice_id: str) -> list[str]:
    return [act.action for act in acts_on(invoice_id, PageQuery(), lambda act: act).data]


def test_finance_issues_an_invoice_and_the_audit_records_it(mall: Invoicing) -> None:
    order_id, digits = mall.order(), number()
    invoice_id = mall.asked(order_id)
    done = mall.act(invoice_id, "issue", digits)
    assert (done.status, done.body["status"], done.body["number"]) == (200, "issued", digits)
    assert done.body["issued_amount"]["amount"] == 1980
    assert mall.show(order_id)["number"] == digits
    assert (mall.listed("requested"), mall.listed("issued")) == ([], [invoice_id])
    assert acts(invoice_id) == ["invoice.issue"]


def test_an_invoice_is_issued_once(mall: Invoicing) -> None:
    invoice_id, digits, key = mall.asked(mall.order()), number(), new_key()
    first = mall.act(invoice_id, "issue", digits, key)
    again = mall.act(invoice_id, "issue", digits, key)
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = mall.act(invoice_id, "issue", number(), key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    second = mall.act(invoice_id, "issue", number())
    assert (second.status, second.body["current_status"]) == (409, "issued")
    assert acts(invoice_id) == ["invoice.issue"]


def test_a_number_of_twenty_digits_serves_one_invoice(mall: Invoicing) -> None:
    first, second, digits = mall.asked(mall.order()), mall.asked(mall.order()), number()
    assert mall.act(first, "issue", digits).status == 200
    answer = mall.act(second, "issue", digits)
    assert (answer.status, answer.body["code"]) == (409, "invoice_number_used")
    assert (mall.listed("requested"), acts(second)) == ([second], [])
    assert mall.act(second, "issue", digits[:8]).status == 200


@pytest.mark.parametrize(
    "digits", ["1234567", "123456789", "1" * 19, "1" * 21, "1234567x", 12345678]
)
def test_a_number_is_eight_or_twenty_digits(mall: Invoicing, digits: Any) -> None:
    invoice_id = mall.asked(mall.order())
    answer = mall.act(invoice_id, "issue", digits)
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, "number")
    assert mall.listed("requested") == [invoice_id]


def test_a_disputed_order_is_not_invoiced_until_the_dispute_ends(mall: Invoicing) -> None:
    order_id = mall.order()
    invoice_id = mall.asked(order_id)
    mall.order(id=order_id, disputed=True)
    answer = mall.act(invoice_id, "issue", number())
    assert (answer.status, answer.body["code"], acts(invoice_id)) == (409, "order_disputed", [])


def test_a_refund_lowers_a_request_and_all_of_it_cancels_it(mall: Invoicing) -> None:
    order_id = mall.order(1980)
    first = mall.asked(order_id)
    tell(mall.refund(order_id, 480))
    assert mall.show(order_id)["amount"]["amount"] == 1500
    tell(mall.refund(order_id, 1500))
    assert (mall.show(order_id)["status"], mall.listed("requested")) == ("cancelled", [])
    answer = mall.act(first, "issue", number())
    assert (answer.status, answer.body["current_status"]) == (409, "cancelled")
    assert mall.ask(order_id).body["code"] == "nothing_to_invoice"


def test_a_refund_of_an_issued_invoice_requires_a_red_one(mall: Invoicing) -> None:
    order_id = mall.order(1980)
    invoice_id = mall.asked(order_id)
    mall.act(invoice_id, "issue", number())
    tell(mall.refund(order_id, 480))
    shown = mall.show(order_id)
    assert (shown["status"], shown["to_reverse"]["amount"]) == ("red_required", 480)
    assert mall.listed("red_required") == [invoice_id]
    red = number()
    done = mall.act(invoice_id, "issue-red", red)
    assert (done.status, done.body["status"]) == (200, "red_issued")
    assert [(each["number"], each["amount"]["amount"]) for each in done.body["reds"]] == [
        (red, 480)
    ]
    tell(mall.refund(order_id, 1500))
    assert mall.show(order_id)["to_reverse"]["amount"] == 1500
    done = mall.act(invoice_id, "issue-red", number())
    assert [each["amount"]["amount"] for each in done.body["reds"]] == [480, 1500]
    assert acts(invoice_id) == ["invoice.issue_red", "invoice.issue_red", "invoice.issue"]


def test_only_refunded_cash_is_reversed(mall: Invoicing) -> None:
    invoice_id = mall.asked(mall.order())
    for status in ("requested", "issued"):
        answer = mall.act(invoice_id, "issue-red", number())
        assert (answer.status, answer.body["current_status"]) == (409, status)
        mall.act(invoice_id, "issue", number())
    assert acts(invoice_id) == ["invoice.issue"]


def test_an_invoice_is_issued_less_a_refund_whose_fact_comes_late(mall: Invoicing) -> None:
    order_id = mall.order(1980)
    invoice_id = mall.asked(order_id)
    late = mall.refund(order_id, 480)
    assert mall.act(invoice_id, "issue", number()).body["issued_amount"]["amount"] == 1500
    tell(late)
    assert (mall.show(order_id)["status"], mall.show(order_id)["to_reverse"]["amount"]) == (
        "issued",
        0,
    )


def test_refund_facts_in_any_order_or_twice_give_the_same_invoice(mall: Invoicing) -> None:
    for orders in itertools.permutations(range(3)):
        order_id = mall.order(1980)
        mall.act(mall.asked(order_id), "issue", number())
        told = [mall.refund(order_id, cash) for cash in (100, 200, 300)]
        for at in (*orders, *orders):
            tell(told[at])
        assert mall.show(order_id)["to_reverse"]["amount"] == 600


def test_a_refund_of_an_order_without_an_invoice_does_nothing(mall: Invoicing) -> None:
    order_id = mall.order()
    tell(mall.refund(order_id, 100))
    assert find_invoice_of(order_id) is None


@pytest.mark.parametrize("seed", range(4))
def test_concurrent_refunds_and_an_issue_agree_in_the_end(mall: Invoicing, seed: int) -> None:
    order_id = mall.order(1980)
    invoice_id, known = mall.asked(order_id), mall.refund(order_id, 100)

    def meanwhile(step: int) -> None:
        if step == 0:
            tell(mall.refund(order_id, 80))
        else:
            tell(known)

    steps = random.Random(seed).sample(range(6), 6)
    with ThreadPoolExecutor(6) as threads:
        done = threads.map(meanwhile, steps)
        issued = mall.act(invoice_id, "issue", number())
        list(done)
    assert issued.status == 200, issued.body
    found = find_invoice(invoice_id)
    assert found is not None
    assert (found.amount, found.issued - found.to_reverse) == (1800, 1800)


def test_the_consumer_reads_the_fact_that_orders_publish(mall: Invoicing) -> None:
    order_id = mall.order(1980)
    mall.asked(order_id)
    before = OrderItem.find(order_id, "ORDER").to_dynamodb_dict()
    mall.refund(order_id, 480)
    after = OrderItem.find(order_id, "ORDER").to_dynamodb_dict()
    (fact,) = [
        each
        for each in facts_of(Change("1", before, after))
        if isinstance(each.data, OrderRefunded)
    ]
    assert fact.type == "order.refunded"
    tell(msgspec.to_builtins(fact))
    assert mall.show(order_id)["amount"]["amount"] == 1500
