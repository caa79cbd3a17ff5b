"""Invoices and reconciliation make only calls that their policies allow."""

from __future__ import annotations

import pytest

from chalicelib.finance.actions.reconciliation import reconcile_days
from chalicelib.kernel import clock
from tests.api import Api
from tests.finance.invoicing import Invoicing, number, tell
from tests.finance.planted import HERE, THERE
from tests.finance.reconciling import Reconciling, after
from tests.finance.two_books import clean_books
from tests.infra.permissions import Guard


def test_reconciliation_may_write_days_and_findings(
    guard: Guard,
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = clean_books(20)
    for plant in (HERE[0], HERE[-3], THERE[-1], THERE[0]):
        plant.spoil(books)
    run = Reconciling(monkeypatch, books.sorted())
    run.provider.owes, run.provider.now = 5, after(4)
    with guard.acting_as("ReconcileDay"):
        assert reconcile_days(run.provider, after(4), lambda: False) == 5
    tables = {resource for _, resource in guard.seen}
    assert tables == {
        "FinanceTable.Arn",
        "FinanceTable.Arn/index/listed",
        "PaymentsTable.Arn",
        "PaymentsTable.Arn/index/by_day",
    }
    monkeypatch.setattr(clock, "source", lambda: after(4))
    mall = Invoicing(api)
    with guard.acting_as("APIHandler"):
        paths = ("reconciliations", "reconciliation-findings", "reconciliations/2026-12-02")
        for path in paths:
            answer = mall.api.get(f"/v1/admin/{path}", as_=mall.finance)
            assert answer.status == 200, answer.body
        found = mall.api.get("/v1/admin/reconciliation-findings", as_=mall.finance).body["data"]
        path = f"/v1/admin/reconciliation-findings/{found[0]['id']}/explain"
        said = mall.api.post(path, {"note": "x"}, as_=mall.finance, key="key-of-mine")
        assert said.status == 200, said.body


def test_invoices_may_be_requested_issued_and_refunded(guard: Guard, api: Api) -> None:
    mall = Invoicing(api)
    order_id = mall.order()
    with guard.acting_as("APIHandler"):
        invoice_id = mall.asked(order_id)
        assert mall.act(invoice_id, "issue", number()).status == 200
    refunded = mall.refund(order_id, 100)
    with guard.acting_as("MarkInvoices"):
        tell(refunded, refunded)
    with guard.acting_as("APIHandler"):
        assert mall.show(order_id)["status"] == "red_required"
        assert mall.listed("red_required") == [invoice_id]
        assert mall.act(invoice_id, "issue-red", number()).status == 200
