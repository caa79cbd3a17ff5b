"""Notices of gifts, from the facts that the ledger's relay makes, to members and to strangers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import ledger, members
from chalicelib.earning.events import claim_waiting
from chalicelib.kernel import clock, senders
from chalicelib.kernel.store.facts import Fact
from chalicelib.members.actions import change_profile
from chalicelib.notify.actions import CLAIM, deliver
from chalicelib.notify.errors import BeingSentElsewhere, SmsNotSent
from chalicelib.notify.rules import TEXTS_A_DAY
from chalicelib.notify.tables import InvitationItem, NoticeItem
from tests.api import Api, token
from tests.conftest import Time
from tests.facts import made
from tests.members.giving import facts, give, register, registered, waiting
from tests.members.people import new_email, new_phone
from tests.world import World

Outbox = list[dict[str, Any]]


def inbox(api: Api, member: str, language: str = "zh-CN") -> list[dict[str, Any]]:
    answer = api.get(
        "/v1/me/notifications", as_=token(member), headers={"Accept-Language": language}
    )
    assert answer.status == 200, answer.body
    data: list[dict[str, Any]] = answer.body["data"]
    return data


def tell(engine: str, *people: str) -> None:
    """Deliver the last entry of each, twice, as queues do."""
    for member in people * 2:
        deliver(facts(engine, member=member)[-1], clock.machine_now())


def waiting_fact(engine: str, **destination: str) -> Fact:
    [fact] = facts(engine, identity=members.identity_hash(**destination))
    return fact


def test_both_sides_of_a_gift_get_one_notice_and_the_receiver_reads_the_message(
    world: World, engine: str, outbox: Outbox
) -> None:
    sender, friend = world.member(100), world.member(50)
    change_profile(sender, {"nickname": "李\u202e雷"}, clock.now())
    sent = give(world.api, sender, {"member_id": friend}, 30, message="生日快乐")
    tell(engine, sender, friend)
    [out], [into] = inbox(world.api, sender), inbox(world.api, friend)
    assert out["body"] == "您已赠送 30 积分，当前可用 70 积分。"
    assert into["title"] == "收到赠送"
    assert into["body"] == "会员「李雷」送您 30 积分，当前可用 80 积分。留言：「生日快乐」"
    for notice in (out, into):
        entry_id = notice["data"].pop("entry_id")
        assert entry_id.startswith("ent_")
        assert notice["data"] == {
            "transfer_id": sent.body["id"],
            "points": 30,
            "unit": "points",
        }
    assert "They say: “生日快乐”" in inbox(world.api, friend, "en")[0]["body"]
    assert outbox == []


def test_a_gift_without_name_and_message_names_its_points(world: World, engine: str) -> None:
    sender, friend = world.member(100), world.member()
    give(world.api, sender, {"member_id": friend}, 30)
    tell(engine, friend)
    assert [n["body"] for n in inbox(world.api, friend)] == [
        "您收到 30 积分的赠送，当前可用 30 积分。"
    ]


def test_the_message_of_a_gift_is_sealed_in_facts_and_notices(world: World, engine: str) -> None:
    sender, friend = world.member(100), world.member()
    give(world.api, sender, {"member_id": friend}, 30, message="SECRET-WORDS")
    [fact] = facts(engine, member=friend)
    assert "SECRET" not in repr(fact)
    tell(engine, friend)
    [item] = NoticeItem.query(f"MBR#{friend}")
    assert "SECRET" not in repr(item.serialize())
    assert facts(engine, member=sender)[-1].data.note is None


def test_the_longest_gift_is_an_entry_and_a_notice_under_a_kilobyte(
    world: World, engine: str
) -> None:
    from infra.bench.write_units import item_size
    from infra.local.resources import dynamodb_client

    sender, friend = world.member(10**9), world.member()
    change_profile(sender, {"nickname": "雷" * 40}, clock.now())
    give(world.api, sender, {"member_id": friend}, 50_000, message="乐" * 100)
    tell(engine, friend)
    read = dynamodb_client(engine).query
    for table, key in (("ledger", f"ACC#{friend}:points"), ("notify", f"MBR#{friend}")):
        found = read(
            TableName=f"jifen-dev-{table}",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": key}},
        )["Items"]
        assert found
        assert max(map(item_size, found)) < 1024


def test_a_claimed_gift_shows_its_message_and_a_returned_one_goes_to_its_sender(
    world: World, engine: str, time: Time
) -> None:
    phone, sender = new_phone(), world.member(100)
    give(world.api, sender, {"phone": phone}, 30, message="欢迎")
    friend = register(phone=phone)
    claim_waiting(registered(phone=phone))
    tell(engine, friend)
    assert inbox(world.api, friend)[0]["body"].endswith("留言：「欢迎」")
    give(world.api, sender, {"phone": (nobody := new_phone())}, 20)
    [escrow] = waiting(phone=nobody)
    time.advance(days=7)
    ledger.return_gift(escrow, clock.now())
    tell(engine, sender)
    assert inbox(world.api, sender)[0]["body"] == (
        "赠送未被领取，20 积分已退回，当前可用 70 积分。"
    )


def test_a_stranger_gets_one_text_of_a_gift(world: World, engine: str, outbox: Outbox) -> None:
    phone, sender = new_phone(), world.member(100)
    change_profile(sender, {"nickname": "李雷"}, clock.now())
    sent = give(world.api, sender, {"phone": phone}, 30, message="来吧")
    fact = waiting_fact(engine, phone=phone)
    for late in (timedelta(), timedelta(), 2 * CLAIM):
        deliver(fact, clock.machine_now() + late)
    assert outbox == [
        {
            "channel": "sms",
            "to": phone,
            "body": "【积分商城】有人送您 30 积分，7 天内用此手机号注册即可领取。",
            "message_id": sent.body["id"],
        }
    ]
    [item] = InvitationItem.query(f"GFT#{sent.body['id']}")
    assert item.sms == "sent"
    assert phone[3:] not in repr(item.serialize())


def test_a_stranger_with_an_e_mail_gets_one_letter(
    world: World, engine: str, outbox: Outbox
) -> None:
    email, sender = new_email(), world.member(100)
    give(world.api, sender, {"email": email}, 30)
    for _ in range(2):
        deliver(waiting_fact(engine, email=email), clock.machine_now())
    [letter] = outbox
    assert (letter["channel"], letter["to"]) == ("email", email)
    assert "7 天内用此邮箱注册即可领取" in letter["body"]


def test_a_registered_receiver_or_an_expired_gift_gets_no_text(
    world: World, engine: str, outbox: Outbox, time: Time
) -> None:
    known, late, sender = new_phone(), new_phone(), world.member(100)
    for phone in (known, late):
        give(world.api, sender, {"phone": phone}, 30)
    told = [waiting_fact(engine, phone=phone) for phone in (known, late)]
    register(phone=known)
    deliver(told[0], clock.machine_now())
    time.advance(days=7)
    deliver(told[1], clock.machine_now())
    assert outbox == []


def test_a_stranger_gets_few_texts_a_day_from_all_givers(
    world: World, engine: str, outbox: Outbox, time: Time
) -> None:
    phone = new_phone()
    for _ in range(TEXTS_A_DAY + 2):
        assert give(world.api, world.member(10), {"phone": phone}, 1).status == 201
    told = facts(engine, identity=members.identity_hash(phone=phone))
    for fact in told * 2:
        deliver(fact, clock.machine_now() + 2 * CLAIM)
    assert len(outbox) == TEXTS_A_DAY
    assert len(waiting(phone=phone)) == TEXTS_A_DAY + 2
    time.advance(days=1)
    give(world.api, world.member(10), {"phone": phone}, 1)
    for fact in facts(engine, identity=members.identity_hash(phone=phone)):
        deliver(fact, clock.machine_now() + 2 * CLAIM)
    assert len(outbox) == TEXTS_A_DAY + 1


def test_eight_concurrent_deliveries_send_one_text(
    world: World, engine: str, outbox: Outbox
) -> None:
    phone = new_phone()
    give(world.api, world.member(10), {"phone": phone}, 1)
    fact, now = waiting_fact(engine, phone=phone), clock.machine_now()

    def one(_: int) -> None:
        try:
            deliver(fact, now)
        except BeingSentElsewhere:
            return

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(8)))
    assert len(outbox) == 1


def test_a_text_refused_by_the_provider_is_sent_later(
    world: World, engine: str, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = new_phone()
    give(world.api, world.member(10), {"phone": phone}, 1)
    fact, now = waiting_fact(engine, phone=phone), clock.machine_now()

    def refuse(number: str, text: str, message_id: str | None = None) -> None:
        raise RuntimeError(f"{number} is not valid")

    with monkeypatch.context() as refusing:
        refusing.setattr(senders, "send_sms", refuse)
        with pytest.raises(SmsNotSent) as raised:
            deliver(fact, now)
    assert phone[3:] not in str(raised.value)
    with pytest.raises(BeingSentElsewhere):
        deliver(fact, now)
    deliver(fact, now + CLAIM)
    assert len(outbox) == 1


def test_a_repeated_reminder_is_one_notice(world: World) -> None:
    member = world.member()
    data = {
        "member_id": member,
        "unit": "points",
        "points": 120,
        "expires_at": "2026-12-31T16:00:00Z",
        "days": 7,
    }
    for at in ("2026-12-24T16:00:00Z", "2026-12-24T17:00:00Z"):
        fact = made(f"expiring:{member}:points:1798732800:7", "points.expiring", at, data)
        deliver(fact, clock.machine_now())
    [notice] = inbox(world.api, member)
    assert notice["body"] == "您有 120 积分将于 2026-12-31 到期，请及时使用。"
    assert notice["data"] == {
        "points": 120,
        "unit": "points",
        "expires_at": "2026-12-31T16:00:00Z",
    }
