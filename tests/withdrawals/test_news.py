"""Webhooks of withdrawals go to their own queue; older messages are handed on."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import to_builtins

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.facts import Fact, handle
from chalicelib.kernel.store.streams import Change
from chalicelib.orders import events as orders_events
from chalicelib.payments import events as payments_events
from chalicelib.payments.rules.webhooks import Webhook
from chalicelib.payments.tables.webhooks import WebhookItem
from chalicelib.withdrawals import events
from tests.facts import made as made_fact
from tests.payments.fake_gateway import FakeGateway
from tests.withdrawals.withdrawing import PROVIDER, Finance, approved, balances, rich, sync_now

UNKNOWN = "wdr_" + "a" * 26


def told(ours: str | None) -> Fact:
    """The fact of a webhook whose object names `ours`."""
    webhook = Webhook("evt_1", "transfer.reversed", "f", "tr_1", None, ours, 1, to_ms(clock.now()))
    image = WebhookItem.of(webhook).to_dynamodb_dict()
    (fact,) = payments_events.facts_of(Change("1", None, image))
    return fact


def old(fact: Fact) -> Fact:
    """As an earlier release published it."""
    name = "payment.news"
    return made_fact(
        fact.id.replace(fact.type, name), name, fact.occurred_at, to_builtins(fact.data)
    )


def to_be_paid(withdrawal_id: str) -> Fact:
    data = {
        "member_id": "mbr_1",
        "withdrawal_id": withdrawal_id,
        "amount": 12_000,
        "currency": "CNY",
        "kind": "provider",
        "reason": None,
    }
    return made_fact(f"withdrawal.approved:{withdrawal_id}", "withdrawal.approved", "", data)


@pytest.mark.parametrize("by", [lambda fact: fact, old])
def test_the_webhook_of_a_return_gives_the_money_back(
    by: Any, finance: Finance, gateway: FakeGateway
) -> None:
    member = rich(finance.api, to=PROVIDER)
    made = approved(finance, member)
    assert sync_now(made) == "paid"
    gateway.fail_payout(finance.show(made)["provider_id"])
    fact = told(made)
    assert (fact.type, fact.data.ours) == ("withdrawal.news", made)
    handle(by(fact), events.HEARD)
    assert finance.show(made)["status"] == "failed"
    assert balances(member) == (100_000, 0)


def test_the_queue_pays_an_approved_withdrawal(finance: Finance, gateway: FakeGateway) -> None:
    made = approved(finance, rich(finance.api, to=PROVIDER))
    handle(to_be_paid(made), events.HEARD)
    assert finance.show(made)["status"] == "paid"


@pytest.mark.parametrize("ours", [None, "wdr_1", "run-2026-11", "wdr_" + "a" * 3000])
def test_a_webhook_without_a_withdrawal_goes_to_payments(ours: str | None) -> None:
    assert told(ours).type == "payment.news"


def test_a_withdrawal_of_others_is_acknowledged_and_counted(
    engine: str, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.payments.actions import sweeps

    counted: list[str] = []
    monkeypatch.setattr(sweeps, "count", counted.append)
    handle(told(UNKNOWN), events.HEARD)
    assert (counted, gateway.calls) == (["UnknownPayment"], [])


def test_orders_forward_withdrawal_messages_of_an_earlier_release(
    gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, Fact]] = []
    monkeypatch.setattr(orders_events, "send", lambda queue, fact: sent.append((queue, fact)))
    facts = [old(told(UNKNOWN)), to_be_paid("wdr_1")]
    for fact in facts:
        handle(fact, orders_events.PAYMENTS)
    assert [fact for _, fact in sent] == facts
    assert {queue.rpartition("/")[2] for queue, _ in sent} == {"jifen-dev-withdrawals"}
    assert gateway.calls == []
