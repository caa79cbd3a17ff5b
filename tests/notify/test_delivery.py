"""A fact delivered twice, late, by many at once, or amid a crash: one notice, one text."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.kernel import clock, senders
from chalicelib.kernel.store.facts import Fact
from chalicelib.notify.actions import CLAIM, deliver
from chalicelib.notify.errors import BeingSentElsewhere, SmsNotSent
from tests.logs import levels, recorded
from tests.notify.delivering import NOW, Crash, Outbox, inbox, outcomes_of
from tests.notify.telling import Contact, entry, order, queue_event, registered

pytestmark = pytest.mark.usefixtures("engine", "contacts", "outbox")


def crash_after_send(monkeypatch: pytest.MonkeyPatch, outbox: Outbox) -> None:
    def send(phone: str, text: str, message_id: str | None = None) -> None:
        outbox.append({"to": phone, "message_id": message_id})
        raise Crash()

    monkeypatch.setattr(senders, "send_sms", send)


def test_a_fact_delivered_twice_is_one_notice_and_one_text(member: str, outbox: Outbox) -> None:
    fact = order(member, "shipped", carrier="SF", tracking_number="SF10")
    deliver(fact, NOW)
    deliver(fact, NOW)
    deliver(fact, NOW + 2 * CLAIM)
    [notice] = inbox(member)
    assert (notice.type, notice.sms, notice.read) == ("order.shipped", "sent", False)
    assert outbox == [
        {
            "channel": "sms",
            "to": "+8613800138000",
            "body": "【积分商城】您兑换的「保温杯」已发货，由 SF 承运，运单号 SF10。",
            "message_id": notice.id,
        }
    ]


def test_each_fact_of_an_order_is_a_notice_in_any_order_of_arrival(
    member: str, outbox: Outbox
) -> None:
    late = order(member, "awaiting_review", at="2026-11-21T08:00:00Z", order_id="ord_1")
    early = order(member, "shipped", at="2026-11-22T08:00:00Z", order_id="ord_1")
    deliver(early, NOW)
    deliver(late, NOW)
    assert [n.type for n in inbox(member)] == ["order.shipped", "order.awaiting_review"]
    assert len(outbox) == 2


def test_eight_concurrent_deliveries_are_one_notice_and_one_text(
    member: str, outbox: Outbox
) -> None:
    fact = order(member, "rejected", reason="x")
    outcomes = outcomes_of(8, fact, NOW)
    assert "done" in outcomes
    assert len(inbox(member)) == len(outbox) == 1
    assert set(outcomes_of(8, fact, NOW)) == {"done"}
    assert len(outbox) == 1


def test_only_one_of_eight_workers_takes_over_a_lapsed_claim(
    member: str, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = order(member, "shipped")
    with monkeypatch.context() as crashing:
        crash_after_send(crashing, [])
        with pytest.raises(Crash):
            deliver(fact, NOW)
    outcomes_of(8, fact, NOW + 2 * CLAIM)
    assert len(inbox(member)) == len(outbox) == 1


def test_a_crash_after_sending_repeats_the_text_once_under_the_same_id(
    member: str, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = order(member, "shipped")
    with monkeypatch.context() as crashing:
        crash_after_send(crashing, outbox)
        with pytest.raises(Crash):
            deliver(fact, NOW)
    with pytest.raises(BeingSentElsewhere):
        deliver(fact, NOW + CLAIM - timedelta(milliseconds=1))
    assert len(outbox) == 1
    deliver(fact, NOW + CLAIM)
    deliver(fact, NOW + 3 * CLAIM)
    [notice] = inbox(member)
    assert [text["message_id"] for text in outbox] == [notice.id, notice.id]
    assert notice.sms == "sent"


def test_a_text_that_the_provider_refused_is_sent_by_a_later_delivery(
    member: str, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(phone: str, text: str, message_id: str | None = None) -> None:
        raise RuntimeError(f"{phone} is not valid")

    fact = order(member, "shipped")
    with monkeypatch.context() as refusing:
        refusing.setattr(senders, "send_sms", refuse)
        with pytest.raises(SmsNotSent) as raised:
            deliver(fact, NOW)
    assert "13800138000" not in "".join(traceback.format_exception(raised.value))
    assert outbox == []
    deliver(fact, NOW + CLAIM)
    assert len(inbox(member)) == len(outbox) == 1


def test_a_member_without_phone_and_email_gets_the_notice_alone(
    member: str, contacts: dict[str, Contact], outbox: Outbox
) -> None:
    contacts[member] = Contact(phone=None)
    fact = order(member, "shipped")
    deliver(fact, NOW)
    deliver(fact, NOW)
    assert [n.sms for n in inbox(member)] == ["no_phone"]
    assert outbox == []


def test_a_text_is_in_its_members_language(
    member: str, contacts: dict[str, Contact], outbox: Outbox
) -> None:
    contacts[member] = Contact(language="en")
    deliver(order(member, "shipped"), NOW)
    assert outbox[0]["body"] == "[Jifen] Your “Thermos cup” has been shipped."


@pytest.mark.parametrize("make", [registered, entry])
def test_welcome_and_points_notices_have_no_text(
    make: Callable[[str], Fact], member: str, outbox: Outbox
) -> None:
    fact = make(member)
    deliver(fact, NOW)
    deliver(fact, NOW)
    assert [(n.type, n.sms) for n in inbox(member)] == [(fact.type, None)]
    assert outbox == []


def test_a_read_notice_stays_read_when_its_fact_comes_again(member: str) -> None:
    from chalicelib.notify.actions import mark_read

    fact = order(member, "shipped")
    deliver(fact, NOW)
    [notice] = inbox(member)
    mark_read(member, notice.id)
    deliver(fact, NOW)
    assert [n.read for n in inbox(member)] == [True]


def test_stored_notices_have_neither_phone_nor_code(member: str) -> None:
    deliver(order(member, "completed", kind="virtual", codes=["SECRET-1"]), NOW)
    [notice] = inbox(member)
    stored = repr(notice.serialize())
    assert "13800138000" not in stored
    assert "SECRET" not in stored


def test_the_queue_handler_fails_only_the_messages_that_failed(member: str, outbox: Outbox) -> None:
    from app import app

    broken = Fact("ord_1:shipped", "order.shipped", "2026-11-21T08:00:00Z", {"member_id": member})
    unknown = Fact("new_1", "tier.reached", "2026-11-21T08:00:00Z", {"whatever": 1})
    event = queue_event(registered(member), broken, unknown, order(member, "shipped"))
    with Client(app) as client:
        answer = client.lambda_.invoke("notify_members", event).payload
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert len(inbox(member)) == 2
    assert len(outbox) == 1


def test_a_text_being_sent_by_another_worker_is_no_error(
    member: str, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import app

    fact = order(member, "shipped")
    with monkeypatch.context() as crashing:
        crash_after_send(crashing, [])
        with pytest.raises(Crash):
            deliver(fact, clock.machine_now())
    with Client(app) as client, recorded() as said:
        answer = client.lambda_.invoke("notify_members", queue_event(fact)).payload
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert levels(said) == [("INFO", False)]
    assert outbox == []


def test_the_longest_notice_costs_one_write_unit(member: str) -> None:
    fact = order(
        member,
        "shipped",
        title={"zh-CN": "杯" * 40, "en": "c" * 80},
        carrier="顺" * 20,
        tracking_number="9" * 40,
        lines=20,
        points=10**9,
    )
    deliver(fact, NOW)
    [notice] = inbox(member)
    size = sum(
        len(name.encode()) + len(str(next(iter(value.values()))).encode())
        for name, value in notice.serialize().items()
    )
    assert size < 1024
