"""Gifts to unregistered phones and e-mails: they wait, are claimed once, or are returned."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from msgspec import to_builtins

from chalicelib import ledger, members
from chalicelib.earning.events import claim_waiting
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.ledger.routes.views import entry_view
from chalicelib.members.actions import Gift, transfers
from chalicelib.members.tables.items import IdentityItem
from tests.api import new_key
from tests.conftest import Time
from tests.members.giving import (
    books,
    facts,
    give,
    history,
    points_of,
    register,
    registered,
    waiting,
)
from tests.members.people import new_email, new_phone
from tests.world import World, paid


def same_mask(phone: str) -> str:
    """Another phone that is masked alike."""
    return f"{phone[:6]}{(int(phone[6:10]) + 1) % 10_000:04d}{phone[10:]}"


def shown(sender: str) -> list[Any]:
    """The sender's last entry as they see it, without its ids and times."""
    view = entry_view(history(sender)[-1])
    postings = [(each.account.replace(sender, ""), each.points) for each in view.postings]
    return [
        view.type,
        view.seq,
        view.points,
        view.balance_after,
        view.rule,
        view.source.replace(sender, ""),
        len(view.lots),
        postings,
    ]


def test_gifts_do_not_reveal_whether_a_phone_is_registered(world: World, engine: str) -> None:
    known = new_phone()
    register(phone=known)
    one, other = world.member(300), world.member(300)
    answers = [
        give(world.api, sender, {"phone": phone}, message="hi")
        for sender, phone in ((one, known), (other, same_mask(known)))
    ]
    for answer in answers:
        assert answer.status == 201
        assert answer.body.pop("id").startswith("trf_")
        assert answer.body.pop("created_at").endswith("Z")
    assert answers[0].body == answers[1].body
    assert answers[0].headers == answers[1].headers
    assert shown(one) == shown(other)
    told = [facts(engine, member=sender)[-1] for sender in (one, other)]
    assert len({frozenset(to_builtins(fact.data)) for fact in told}) == 1
    assert {fact.data.moved for fact in told} == {-100}


@pytest.mark.parametrize("kind", ["phone", "email"])
def test_a_registration_in_time_gets_the_gift_with_its_expiry(world: World, kind: str) -> None:
    sender = world.member()
    world.give(sender, 50, days=40)
    world.give(sender, 60, days=20)
    soon, late = sorted(points_of(sender).lots)
    to = {kind: new_phone() if kind == "phone" else new_email()}
    sent = give(world.api, sender, to, 100)
    [escrow] = waiting(**to)
    assert (escrow.lots, escrow.transfer_id) == ({soon: 60, late: 40}, sent.body["id"])
    assert to[kind].encode() not in escrow.recipient
    friend = register(**to)
    assert points_of(friend).posted == 0
    for _ in range(2):
        claim_waiting(registered(**to))
    assert points_of(friend).lots == {soon: 60, late: 40}
    assert [entry.type for entry in history(friend)] == ["transfer_in"]
    assert history(friend)[0].source == f"member:{sender}"
    assert waiting(**to) == []
    assert points_of(sender).posted == 10


def test_a_registration_gets_earlier_gifts_and_accruals(world: World) -> None:
    phone, sender = new_phone(), world.member(100)
    give(world.api, sender, {"phone": phone}, 30)
    give(world.api, sender, {"phone": phone}, 20)
    world.event(paid(phone))
    friend = register(phone=phone)
    claim_waiting(registered(phone=phone))
    assert points_of(friend).posted == 30 + 20 + 199


def test_a_retry_after_the_registration_sends_no_second_gift(world: World) -> None:
    phone, sender, key = new_phone(), world.member(300), new_key()
    first = give(world.api, sender, {"phone": phone}, key=key)
    friend = register(phone=phone)
    again = give(world.api, sender, {"phone": phone}, key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    claim_waiting(registered(phone=phone))
    assert (points_of(sender).posted, points_of(friend).posted) == (200, 100)


def test_an_unclaimed_gift_is_returned_after_seven_days(world: World, time: Time) -> None:
    phone, sender = new_phone(), world.member(100)
    before = points_of(sender).lots
    give(world.api, sender, {"phone": phone}, 40)
    [escrow] = waiting(phone=phone)
    time.advance(days=6, hours=23)
    assert ledger.return_gift(escrow, clock.now()) is None
    assert points_of(sender).posted == 60
    time.advance(hours=1)
    for _ in range(2):
        ledger.return_gift(escrow, clock.now())
    assert points_of(sender).lots == before
    assert [entry.type for entry in history(sender)][-1] == "reversal"
    assert points_of(sender).transferred == 0
    assert waiting(phone=phone) == []


def test_a_late_registration_gets_nothing_even_before_the_sweep(world: World, time: Time) -> None:
    phone, sender = new_phone(), world.member(100)
    give(world.api, sender, {"phone": phone}, 40)
    time.advance(days=7)
    friend = register(phone=phone)
    claim_waiting(registered(phone=phone))
    assert (points_of(sender).posted, points_of(friend).posted) == (100, 0)
    assert waiting(phone=phone) == []


def test_points_lapsed_in_escrow_are_returned_lapsed(world: World, time: Time) -> None:
    phone, sender = new_phone(), world.member()
    world.give(sender, 30, days=3)
    world.give(sender, 20, days=30)
    give(world.api, sender, {"phone": phone}, 40)
    [escrow] = waiting(phone=phone)
    time.advance(days=8)
    ledger.return_gift(escrow, clock.now())
    assert points_of(sender).posted == 20
    assert points_of(sender).expired == 30


def test_points_lapsed_in_escrow_are_received_lapsed(world: World, time: Time) -> None:
    phone, sender = new_phone(), world.member()
    world.give(sender, 30, days=3)
    world.give(sender, 20, days=30)
    give(world.api, sender, {"phone": phone}, 40)
    time.advance(days=4)
    friend = register(phone=phone)
    claim_waiting(registered(phone=phone))
    account = points_of(friend)
    assert (account.posted, account.expired, account.transferred) == (10, 30, 40)
    assert account.available(to_ms(clock.now())) == 10


def test_only_one_of_a_concurrent_claim_and_return_gets_the_gift(world: World) -> None:
    phone, sender = new_phone(), world.member(100)
    for _ in range(5):
        give(world.api, sender, {"phone": phone}, 10)
    friend = ledger.points_account(register(phone=phone))
    now, late = clock.now(), clock.now() + timedelta(days=7)

    def end(number: int) -> None:
        for escrow in gifts:
            if number % 2:
                ledger.claim_gift(escrow, friend, now)
            else:
                ledger.return_gift(escrow, late)

    gifts = waiting(phone=phone)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(end, range(4)))
    kept, given = points_of(sender).posted, points_of(friend.partition(":")[0]).posted
    assert kept + given == 100
    ends = [entry.type for entry in history(sender)].count("reversal")
    assert ends * 10 + given == 50
    assert waiting(phone=phone) == []


def test_a_phone_linked_by_the_sender_returns_the_gift(world: World) -> None:
    phone = new_phone()
    sender = register(phone=new_phone())
    world.give(sender, 100)
    before = points_of(sender).lots
    give(world.api, sender, {"phone": phone}, 40)
    members.claim_gifts(members.identity_hash(phone=phone), sender, clock.now())
    assert points_of(sender).lots == before
    assert [entry.type for entry in history(sender)][-2:] == ["transfer_out", "reversal"]
    assert waiting(phone=phone) == []


def test_the_holder_of_the_phone_at_the_fact_gets_the_gift(world: World) -> None:
    phone, sender = new_phone(), world.member(100)
    give(world.api, sender, {"phone": phone}, 40)
    first = register(phone=phone)
    IdentityItem.key(members.identity_hash(phone=phone)).delete()
    second = register(phone=phone)
    for _ in range(2):
        claim_waiting(registered(phone=phone))
    assert (points_of(first).posted, points_of(second).posted) == (0, 40)


def registers_meanwhile(monkeypatch: pytest.MonkeyPatch, phone: str) -> list[str]:
    """The receiver registers just after the gift's look-up, and the consumer runs."""
    look, friends = transfers._receiver, []

    def late(gift: Gift) -> str | None:
        found = look(gift)
        friends.append(register(phone=phone))
        claim_waiting(registered(phone=phone))
        return found

    monkeypatch.setattr(transfers, "_receiver", late)
    return friends


def test_a_registration_during_a_gift_claims_it_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, sender = new_phone(), world.member(100)
    with monkeypatch.context() as racing:
        friends = registers_meanwhile(racing, phone)
        assert give(world.api, sender, {"phone": phone}, 40).status == 201
    assert points_of(friends[0]).posted == 40
    assert waiting(phone=phone) == []


def test_the_fact_of_a_gift_claims_it_after_a_crash(
    world: World, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, sender = new_phone(), world.member(100)
    with monkeypatch.context() as racing:
        friends = registers_meanwhile(racing, phone)
        racing.setattr(transfers, "_claim_at_once", lambda *_: None)
        give(world.api, sender, {"phone": phone}, 40)
    assert points_of(friends[0]).posted == 0
    [fact] = facts(engine, identity=members.identity_hash(phone=phone))
    for _ in range(2):
        claim_waiting(fact)
    assert (points_of(friends[0]).posted, points_of(sender).posted) == (40, 60)


def test_the_fact_of_a_waiting_gift_names_nobody(world: World, engine: str) -> None:
    phone, sender = new_phone(), world.member(100)
    sent = give(world.api, sender, {"phone": phone}, 40, message="from 李雷")
    [fact] = facts(engine, identity=members.identity_hash(phone=phone))
    assert (fact.id, fact.type) == (f"transfer.escrowed:{sent.body['id']}", "transfer.escrowed")
    assert fact.occurred_at[:16] == sent.body["created_at"][:16]
    assert fact.data.points == 40
    assert phone[3:] not in repr(fact)
    assert sender not in repr(fact)
    assert "李雷" not in repr(fact)


def test_a_refused_gift_to_a_stranger_changes_nothing(world: World) -> None:
    phone, sender = new_phone(), world.member(100)
    before = books(sender)
    answer = give(world.api, sender, {"phone": phone}, 101)
    assert (answer.status, answer.body["code"]) == (409, "insufficient_points")
    assert books(sender) == before
    assert waiting(phone=phone) == []
