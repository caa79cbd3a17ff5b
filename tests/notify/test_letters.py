"""A member with an e-mail and no phone gets letters instead of SMS, once each."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from chalicelib.kernel import senders
from chalicelib.notify.actions import CLAIM, deliver
from chalicelib.notify.errors import BeingSentElsewhere, SmsNotSent
from tests.notify.delivering import NOW, Crash, Outbox, inbox, outcomes_of
from tests.notify.telling import Contact, entry, order, registered

pytestmark = pytest.mark.usefixtures("engine", "contacts", "outbox")


def test_a_member_with_an_email_alone_gets_a_letter_once(
    member: str, contacts: dict[str, Contact], outbox: Outbox
) -> None:
    contacts[member] = Contact(phone=None, email="a@example.com")
    fact = order(member, "shipped", carrier="SF", tracking_number="SF10")
    deliver(fact, NOW)
    deliver(fact, NOW)
    deliver(fact, NOW + 2 * CLAIM)
    [notice] = inbox(member)
    assert notice.sms == "emailed"
    assert outbox == [
        {
            "channel": "email",
            "to": "a@example.com",
            "subject": "【积分商城】已发货",
            "body": "您兑换的「保温杯」已发货，由 SF 承运，运单号 SF10。",
            "message_id": notice.id,
        }
    ]


def test_eight_concurrent_deliveries_are_one_letter(
    member: str, contacts: dict[str, Contact], outbox: Outbox
) -> None:
    contacts[member] = Contact(phone=None, email="a@example.com", language="en")
    fact = order(member, "rejected", reason="“{x}”")
    outcomes_of(8, fact, NOW)
    assert set(outcomes_of(8, fact, NOW)) == {"done"}
    [letter] = outbox
    assert letter["subject"] == "[Jifen] Redemption declined"
    assert letter["body"].endswith("Reason: “{x}”")


def test_a_letter_is_sent_again_under_the_same_id_after_a_crash(
    member: str,
    contacts: dict[str, Contact],
    outbox: Outbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def send(address: str, subject: str, text: str, message_id: str | None = None) -> None:
        outbox.append({"to": address, "message_id": message_id})
        raise Crash()

    contacts[member] = Contact(phone=None, email="a@example.com")
    fact = order(member, "shipped")
    with monkeypatch.context() as crashing:
        crashing.setattr(senders, "send_email", send)
        with pytest.raises(Crash):
            deliver(fact, NOW)
    with pytest.raises(BeingSentElsewhere):
        deliver(fact, NOW)
    deliver(fact, NOW + CLAIM)
    deliver(fact, NOW + 3 * CLAIM)
    [notice] = inbox(member)
    assert [letter["message_id"] for letter in outbox] == [notice.id, notice.id]


def test_an_address_refused_by_the_provider_is_not_logged(
    member: str, contacts: dict[str, Contact], outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(address: str, *_: Any, **__: Any) -> None:
        raise RuntimeError(f"{address} is not verified")

    contacts[member] = Contact(phone=None, email="a@example.com")
    monkeypatch.setattr(senders, "send_email", refuse)
    with pytest.raises(SmsNotSent) as raised:
        deliver(order(member, "shipped"), NOW)
    assert "a@example.com" not in "".join(traceback.format_exception(raised.value))
    assert outbox == []


def test_a_member_with_phone_and_email_gets_an_sms_alone(
    member: str, contacts: dict[str, Contact], outbox: Outbox
) -> None:
    contacts[member] = Contact(email="a@example.com")
    deliver(order(member, "shipped"), NOW)
    assert [each["channel"] for each in outbox] == ["sms"]


def test_letters_are_sent_for_the_same_news_as_texts(
    member: str, contacts: dict[str, Contact], outbox: Outbox
) -> None:
    contacts[member] = Contact(phone=None, email="a@example.com")
    for fact in (registered(member), entry(member), order(member, "delivered")):
        deliver(fact, NOW)
    assert outbox == []
