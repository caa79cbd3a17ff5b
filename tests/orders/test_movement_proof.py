"""The proof of stock follows movements: a broken chain is a problem, a movement to come is none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.catalog.tables.movements import MovementItem
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.orders import events
from chalicelib.orders.actions import stock
from infra.cli.main import main
from infra.local import schedules
from tests.api import Api
from tests.catalog.sharded import buy, hot
from tests.catalog.shop import Shop
from tests.catalog.streamed import Record, Watched, deliver

LOST = "those of shard 0 lead to 8 units, not 7"


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "TOLD_WITHIN_S", 0)


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


def sales(shop: Shop, number: int = 4) -> tuple[str, list[Record]]:
    """A SKU with ten units that sells one a time, and the records of it."""
    sku = hot(shop, 10, 1)
    watched = Watched(sku)
    records = watched.changed()
    for _ in range(number):
        records += watched.changed(lambda: buy(sku))
    return sku, records


def details(sku: str, since_s: int = 0) -> list[str]:
    found = stock.prove_movements([sku], since_s).problems
    assert all((each.sku, each.code) == (sku, "movements") for each in found)
    return [each.detail for each in found]


def only(monkeypatch: pytest.MonkeyPatch, sku: str) -> None:
    """Let the mall have no other SKU: other tests damage theirs."""
    assert sku in stock.catalog.all_skus()
    monkeypatch.setattr(stock.catalog, "all_skus", lambda: [sku])
    monkeypatch.setattr(stock.catalog, "virtual_skus", list)


def nightly(at: Any) -> dict[str, int]:
    done: dict[str, int] = events.verify_stock(schedules.event("verify_stock", at), None)
    return done


def test_a_lost_movement_is_a_finding_of_the_command_and_of_the_night(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sku, records = sales(shop)
    deliver(records[:3] + records[4:])
    assert details(sku) == [LOST]
    assert main(["stock", "verify", sku]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "pools    0",
        "skus     1 (4 movements)",
        "problems 1",
        f"  {sku}: movements: {LOST}",
    ]
    assert said.err == "jifen: stock is not sound: 1 problem\n"
    only(monkeypatch, sku)
    monkeypatch.setattr(events, "PROVEN", timedelta(days=3650))
    assert nightly(clock.now()) == {"pools": 0, "skus": 1, "movements": 4, "problems": 1}
    deliver(records)
    assert details(sku) == []
    assert nightly(clock.now())["problems"] == 0


def test_a_night_looks_at_the_last_days_and_at_the_stock(shop: Shop) -> None:
    sku, records = sales(shop)
    deliver(records[:3] + records[4:])
    later = int(clock.now().timestamp()) + 10**6
    assert details(sku, later) == []
    assert stock.prove_movements([sku], later).movements == 1
    StockItem.key(sku).update([StockItem.available.set(3)])
    assert details(sku, later) == ["those of shard 0 lead to 6 units, not 3"]


def test_a_movement_that_comes_meanwhile_is_no_problem(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku, records = sales(shop)
    deliver(records[:4])
    assert details(sku) == ["those of shard 0 lead to 7 units, not 6"]
    monkeypatch.setattr(stock.time, "sleep", lambda _: deliver(records))
    assert stock.prove_movements([sku]) == stock.Proof(skus=1, movements=4)


def test_nothing_is_said_of_a_sku_that_sells_all_the_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku, records = sales(shop)
    deliver(records[:4])
    monkeypatch.setattr(stock.time, "sleep", lambda _: buy(sku))
    proof = stock.prove_movements([sku])
    assert (proof.problems, proof.restless) == ([], [sku])


def test_movements_that_time_to_live_may_take_are_not_missed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku, records = sales(shop)
    deliver(records)
    oldest, *_ = MovementItem.query(MovementItem.lane_of(sku, 0))
    kept = timedelta(days=config().catalog.movements_kept_days)
    monkeypatch.setattr(clock, "machine_now", lambda: clock.from_ms((oldest.at + 2) * 1000) + kept)
    _, second, *_ = MovementItem.query(MovementItem.lane_of(sku, 0))
    second.delete()
    assert details(sku) == []
    assert stock.prove_movements([sku]).movements == 2
