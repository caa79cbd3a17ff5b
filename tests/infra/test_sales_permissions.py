"""The report of how goods sell, and files of parcels, make only calls that their policies allow."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.orders import events
from chalicelib.orders.actions import imports, sales
from chalicelib.orders.facts import ImportPartDue
from infra.local import schedules
from tests.api import new_key
from tests.infra.payment_facts import AT
from tests.infra.permissions import Guard
from tests.orders.placed import Placed, to_approved
from tests.world import World


def test_the_report_may_count_sales_and_replace_the_one_before(guard: Guard, world: World) -> None:
    order = Placed(world)
    to_approved(order)
    with guard.acting_as("RankGoods"):
        for _ in range(3):
            events.rank_goods(schedules.event("rank_goods", AT), None)
    assert ("dynamodb:BatchWriteItem", "OrdersTable.Arn") in guard.seen


def test_fulfilment_may_ship_a_file_and_mark_a_day(
    guard: Guard, world: World, time: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(imports, "send", lambda _, fact: sent.append(fact))
    order = Placed(world)
    to_approved(order)
    body = {"csv": f"order_id,carrier,tracking_number\n{order.id},SF,SF{new_key()}"}
    path = "/v1/admin/imports/shipments"
    assert world.api.post(path, body, as_=world.ops, key=new_key()).status == 202
    with guard.acting_as("FulfilOrders"):
        events.FULFILMENT[ImportPartDue](sent[0])
    assert order.status() == "shipped"
    time.advance(days=5)
    with guard.acting_as("FulfilOrders"):
        sales.mark_day(order.id, clock.now())
