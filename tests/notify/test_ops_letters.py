"""A crossed mark of stock is a letter to ops, once for each crossing, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.catalog import StockCrossed
from chalicelib.catalog.events import facts_of
from chalicelib.catalog.tables.movements import AlertItem
from chalicelib.kernel import ids, senders
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change
from chalicelib.notify import actions
from chalicelib.notify.actions import CLAIM, tell_ops
from chalicelib.notify.errors import BeingSentElsewhere, SmsNotSent
from chalicelib.notify.events import notify_members
from chalicelib.notify.tables import OpsLetterItem
from tests.api import Api
from tests.catalog.sharded import back, buy, change, hot
from tests.catalog.shop import Shop
from tests.catalog.streamed import Watched, deliver
from tests.facts import AT, made
from tests.notify.delivering import NOW, Crash, Outbox
from tests.notify.telling import queue_event

pytestmark = pytest.mark.usefixtures("engine", "outbox", "address")


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> str:
    """The stage has an address of ops."""
    settings = replace(actions.config(), ops_email="ops@example.com")
    monkeypatch.setattr(actions, "config", lambda: settings)
    return settings.ops_email


def crossed(level: str = "low", **data: Any) -> Fact[Any]:
    sku = f"CUP-{ids.new_id('sku')[-8:]}"
    told = {"sku": sku, "product_id": "prd_1", "level": level, "mark": 20, "available": 19, **data}
    return made(f"catalog.stock_crossed:{sku}:7", StockCrossed.TYPE, AT, told)


def test_a_low_stock_is_one_letter_in_both_languages(address: str, outbox: Outbox) -> None:
    fact = crossed(sku="CUP-BLUE", available=3)
    for at in (NOW, NOW, NOW + 2 * CLAIM):
        tell_ops(fact, at)
    [letter] = outbox
    assert (letter["channel"], letter["to"]) == ("email", address)
    assert letter["subject"] == "【积分商城】库存偏低：CUP-BLUE / Low stock: CUP-BLUE"
    assert "CUP-BLUE 仅剩 3 件，已达到低库存线（20 件）" in letter["body"]
    assert "SKU CUP-BLUE has 3 units left, at or below its low mark of 20." in letter["body"]


def test_a_high_stock_is_told_in_other_words(outbox: Outbox) -> None:
    tell_ops(crossed("high", available=900), NOW)
    [letter] = outbox
    assert "库存偏高" in letter["subject"]
    assert "has 900 units, above its high mark of 20" in letter["body"]


def test_a_stage_without_an_address_sends_and_keeps_nothing(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, fact = replace(senders.config(), ops_email=""), crossed()
    monkeypatch.setattr(actions, "config", lambda: settings)
    tell_ops(fact, NOW)
    assert outbox == []
    assert list(OpsLetterItem.query(f"OPS#{fact.id}")) == []


def test_a_letter_is_sent_again_under_the_same_id_after_a_crash(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids_sent: list[str | None] = []

    def send(*_: str, message_id: str | None = None) -> None:
        ids_sent.append(message_id)
        raise Crash()

    fact = crossed()
    with monkeypatch.context() as crashing:
        crashing.setattr(senders, "send_email", send)
        with pytest.raises(Crash):
            tell_ops(fact, NOW)
    with pytest.raises(BeingSentElsewhere):
        tell_ops(fact, NOW)
    assert outbox == []
    tell_ops(fact, NOW + CLAIM)
    assert [letter["message_id"] for letter in outbox] == ids_sent


def test_a_refused_letter_stays_due(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise RuntimeError("not verified")

    fact = crossed()
    with monkeypatch.context() as refusing:
        refusing.setattr(senders, "send_email", refuse)
        with pytest.raises(SmsNotSent):
            tell_ops(fact, NOW)
    [item] = OpsLetterItem.query(f"OPS#{fact.id}")
    assert (item.sms, outbox) == ("due", [])


def test_each_crossing_of_a_sku_is_a_letter_of_its_own(api: Api, outbox: Outbox) -> None:
    shop = Shop(api)
    sku = hot(shop, 5, 1)
    assert change(shop, sku, {"low_mark": 3}).status == 200
    watched = Watched(sku)
    watched.changed()
    for act in (lambda: buy(sku, 2), lambda: buy(sku), lambda: back(sku, 2), lambda: buy(sku, 2)):
        deliver(watched.changed(act))
        alert = AlertItem.find("ALERTS", sku)
        for fact in facts_of(Change("1", None, alert.to_dynamodb_dict())) if alert else ():
            assert notify_members(queue_event(fact), None) == {"batchItemFailures": []}
    assert [letter["subject"].rpartition(" ")[2] for letter in outbox] == [sku, sku]
