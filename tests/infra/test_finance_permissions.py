"""The functions of settlements make only calls that their policies allow."""

from __future__ import annotations

import pytest

from chalicelib.finance.actions import building, rebuilds
from chalicelib.finance.events import settlements
from chalicelib.finance.queries.sold import find_sold_orders
from chalicelib.kernel import ids
from chalicelib.kernel.store.facts import Fact
from infra.local import schedules
from tests.api import Api, new_key, token
from tests.finance.books import Mall, at
from tests.finance.conftest import alone, bucket, mall, s3  # noqa: F401 - fixtures
from tests.finance.november import play
from tests.infra.permissions import Guard
from tests.infra.templates import Packaged

AT = "2026-11-21T08:00:00Z"


def test_the_functions_and_routes_of_finance_have_their_permissions(
    dev: Packaged,
    mall: Mall,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[Fact] = []
    monkeypatch.setattr(rebuilds, "send", lambda _, fact: sent.append(fact))
    monkeypatch.setattr(building, "find_sold_orders", find_sold_orders)
    guard = Guard(dev, monkeypatch)
    play(mall)
    mall.set_clock(at(4, 0, 30))
    with guard.acting_as("SettleDay"):
        done = settlements.settle_day(schedules.event("settle_day", AT), None)
    assert done == {"settled": 3}
    finance = token(ids.new_id("mbr"), "finance")
    with guard.acting_as("APIHandler"):
        for path in (
            "settlements",
            "settlements/2026-11-02-CNY",
            "trial-balances/2026-11",
            "liability",
            "liability.csv",
            "liability.svg",
        ):
            answer = Api().get(f"/v1/admin/{path}", as_=finance)
            assert answer.status == 200, (path, answer.body)
        path = "/v1/admin/settlements/2026-11-02-CNY/rebuild"
        asked = Api().post(path, as_=finance, key=new_key())
    with guard.acting_as("RebuildSettlements"):
        settlements._rebuild(sent[0])
    with guard.acting_as("APIHandler"):
        job = Api().get(f"/v1/admin/jobs/{asked.body['job_id']}", as_=finance).body
    assert (job["status"], job["result"]["same"]) == ("done", True)
    assert {
        ("dynamodb:BatchGetItem", "OrdersTable.Arn"),
        ("dynamodb:UpdateItem", "FinanceTable.Arn"),
    } <= guard.seen
