"""Gifts of points between members: both sides change together, or nothing does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import ledger
from chalicelib.kernel import clock, crypto, ids
from chalicelib.kernel.store.tables import connection
from chalicelib.ledger.actions import transfers as ledger_transfers
from chalicelib.members.actions import Gift, send_gift
from tests.api import new_key, token
from tests.conftest import Time
from tests.members.giving import PATH, books, freeze, give, history, points_of, register
from tests.members.people import new_email, new_phone
from tests.settings import changed
from tests.world import World

MESSAGE = "生日快乐 🎂"


def somebody(kind: str) -> tuple[str, dict[str, str], str]:
    """A member, how a gift names them, and how its answer shows that."""
    if kind == "email":
        email = new_email()
        return register(email=email), {"email": email}, "p***@example.com"
    phone = new_phone()
    member = register(phone=phone)
    if kind == "member_id":
        return member, {"member_id": member}, member
    return member, {"phone": phone.removeprefix("+86")}, f"+86138****{phone[-4:]}"


@pytest.mark.parametrize("kind", ["member_id", "phone", "email"])
def test_a_gift_moves_the_soonest_lots_with_their_expiry(world: World, kind: str) -> None:
    sender = world.member()
    world.give(sender, 80, days=40)
    world.give(sender, 80, days=20)
    soon, late = sorted(points_of(sender).lots)
    friend, to, shown = somebody(kind)
    answer = give(world.api, sender, to, 100, message=MESSAGE)
    assert answer.status == 201, answer.body
    transfer_id, created_at = answer.body["id"], answer.body["created_at"]
    assert answer.body == {
        "id": transfer_id,
        "points": 100,
        "to": {kind: shown},
        "message": MESSAGE,
        "status": "sent",
        "created_at": created_at,
    }
    assert transfer_id.startswith("trf_")
    assert points_of(sender).lots == {late: 60}
    assert points_of(friend).lots == {soon: 80, late: 20}
    out, into = history(sender)[-1], history(friend)[-1]
    assert (out.type, into.type) == ("transfer_out", "transfer_in")
    assert out.reference == into.reference == f"transfer:{transfer_id}"
    assert (points_of(sender).transferred, points_of(friend).transferred) == (-100, 100)


def test_both_sides_read_the_message_in_their_history_and_the_staff_does_not(world: World) -> None:
    sender, friend = world.member(300), world.member()
    give(world.api, sender, {"member_id": friend}, 100, message=MESSAGE)
    for member_id, entry_type in ((sender, "transfer_out"), (friend, "transfer_in")):
        asked = f"entries?type={entry_type}"
        own = world.api.get(f"/v1/me/points/{asked}", as_=token(member_id)).body["data"]
        assert [entry["message"] for entry in own] == [MESSAGE]
        path = f"/v1/admin/members/{member_id}/points/{asked}"
        shown = world.api.get(path, as_=token("mbr_agent", "agent")).body["data"]
        assert [entry["message"] for entry in shown] == [None]


def test_a_retry_returns_the_first_gift_and_sends_nothing(world: World, time: Time) -> None:
    sender, friend = world.member(300), world.member()
    key, to = new_key(), {"member_id": friend}
    first = give(world.api, sender, to, key=key, message=MESSAGE)
    before = books(sender, friend)
    for later in ({}, {"minutes": 11}, {"hours": 25}, {"days": 31}):
        time.advance(**later)
        again = give(world.api, sender, to, key=key, message=MESSAGE)
        assert (again.status, again.body) == (201, first.body)
        assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert books(sender, friend) == before


def test_a_retry_is_answered_although_a_new_gift_would_be_refused(world: World) -> None:
    sender, friend = world.member(100), world.member()
    key, to = new_key(), {"member_id": friend}
    first = give(world.api, sender, to, key=key)
    freeze(sender)
    assert give(world.api, sender, to, key=key).body == first.body
    assert give(world.api, sender, to).body["code"] == "account_frozen"


@pytest.mark.parametrize("change", [{"points": 101}, {"message": "other"}, {"to": None}])
def test_a_key_used_for_another_gift_is_refused(world: World, change: dict[str, Any]) -> None:
    sender, friend = world.member(300), world.member()
    body = {"to": {"member_id": friend}, "points": 100, "message": MESSAGE}
    key, as_ = new_key(), token(sender)
    assert world.api.post(PATH, body, as_=as_, key=key).status == 201
    before = books(sender, friend)
    other = {**body, **change}
    other["to"] = other["to"] or {"phone": new_phone()}
    answer = world.api.post(PATH, other, as_=as_, key=key)
    assert (answer.status, answer.body["code"]) == (409, "idempotency_key_reused")
    assert books(sender, friend) == before


def test_a_gift_above_the_balance_names_the_missing_points(world: World) -> None:
    sender, friend = world.member(99), world.member()
    before = books(sender, friend)
    answer = give(world.api, sender, {"member_id": friend}, 120)
    assert (answer.status, answer.body["code"]) == (409, "insufficient_points")
    assert answer.body["missing_points"] == 21
    assert books(sender, friend) == before


def test_a_refused_gift_makes_the_same_requests_for_registered_and_unknown_receivers(
    world: World,
) -> None:
    phone = new_phone()
    register(phone=phone)
    poor = world.member()
    asked: list[str] = []

    def count(params: dict[str, Any], **_: Any) -> None:
        asked.append(params["headers"]["X-Amz-Target"])

    events = connection().client.meta.events
    events.register("before-call.dynamodb", count)
    try:
        for to in (phone, new_phone()):
            assert give(world.api, poor, {"phone": to}).body["code"] == "insufficient_points"
            asked.append("")
    finally:
        events.unregister("before-call.dynamodb", count)
    known, unknown = asked[: asked.index("")], asked[asked.index("") + 1 : -1]
    assert known == unknown


def test_a_gift_to_oneself_is_refused(world: World) -> None:
    phone = new_phone()
    sender = register(phone=phone)
    world.give(sender, 100)
    before = books(sender)
    for to in ({"member_id": sender}, {"phone": phone}):
        answer = give(world.api, sender, to, 1)
        assert (answer.status, answer.body["code"]) == (409, "transfer_to_self"), to
    assert books(sender) == before


def test_a_frozen_member_gives_nothing_and_still_receives(world: World) -> None:
    frozen, friend = world.member(100), world.member(100)
    freeze(frozen)
    before = books(frozen, friend)
    answer = give(world.api, frozen, {"member_id": friend}, 1)
    assert (answer.status, answer.body["code"]) == (409, "account_frozen")
    assert books(frozen, friend) == before
    assert give(world.api, friend, {"member_id": frozen}, 40).status == 201
    assert (points_of(frozen).posted, points_of(friend).posted) == (140, 60)


@pytest.mark.parametrize(
    ("limit", "sent", "points", "at_most"),
    [("points_at_once", [], 51, 50), ("points_a_day", [50, 40], 11, 10),
     ("times_a_day", [1, 1, 1], 1, 3)],
)  # fmt: skip
def test_a_gift_above_a_limit_names_the_limit_and_its_rest(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    sent: list[int],
    points: int,
    at_most: int,
) -> None:
    settings = changed(transfer_points_at_once=50, transfer_points_a_day=100, transfers_a_day=3)
    monkeypatch.setattr(ledger_transfers, "config", lambda: settings)
    sender, friend = world.member(1000), world.member()
    to = {"member_id": friend}
    for each in sent:
        assert give(world.api, sender, to, each).status == 201
    before = books(sender, friend)
    answer = give(world.api, sender, to, points)
    assert (answer.status, answer.body["code"]) == (409, "transfer_limit_reached")
    assert (answer.body["limit"], answer.body["at_most"]) == (limit, at_most)
    assert books(sender, friend) == before


def test_a_new_day_of_the_program_has_new_limits(
    world: World, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    monkeypatch.setattr(ledger_transfers, "config", lambda: changed(transfers_a_day=1))
    time.advance_to_noon()
    sender, to = world.member(10), {"member_id": world.member()}
    assert give(world.api, sender, to, 1).status == 201
    assert give(world.api, sender, to, 1).status == 409
    time.advance(days=1)
    assert give(world.api, sender, to, 1).status == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        *[({"points": points}, "points") for points in (0, -1, 1.5, True, "5", 10**12 + 1, None)],
        ({"to": {}}, "to"),
        ({"to": None}, "to"),
        ({"to": {"phone": "13800138000", "email": "a@example.com"}}, "to"),
        ({"to": {"member_id": "mbr_nobody"}}, "to.member_id"),
        ({"to": {"member_id": "mbr_" + "a" * 26}}, "to.member_id"),
        ({"to": {"member_id": ""}}, "to.member_id"),
        ({"to": {"phone": "12345"}}, "to.phone"),
        ({"to": {"phone": "+8621643480"}}, "to.phone"),
        ({"to": {"email": "nobody"}}, "to.email"),
        ({"to": {"nickname": "李雷"}}, "to.nickname"),
        ({"message": "x" * 101}, "message"),
        ({"message": "two\nlines"}, "message"),
        ({"message": "turned \u202e round"}, "message"),
        ({"message": "gone \x9f"}, "message"),
        ({"note": "x"}, "note"),
    ],
)
def test_a_bad_gift_is_refused_by_the_name_of_its_field(
    world: World, body: dict[str, Any], field: str
) -> None:
    sender, friend = world.member(500), world.member()
    before = books(sender, friend)
    sent = {"to": {"member_id": friend}, "points": 5, **body}
    answer = world.api.post(PATH, sent, as_=token(sender), key=new_key())
    assert answer.status == 400, answer.body
    assert [each["field"] for each in answer.body["errors"]] == [field]
    assert books(sender, friend) == before


@pytest.mark.parametrize("message", ["", "   ", "\u200b"])
def test_an_invisible_message_is_no_message(world: World, message: str) -> None:
    sender, friend = world.member(500), world.member()
    sent, key = {"to": {"member_id": friend}, "points": 5, "message": message}, new_key()
    answer = world.api.post(PATH, sent, as_=token(sender), key=key)
    assert (answer.status, answer.body["message"]) == (201, None)
    assert world.api.post(PATH, sent, as_=token(sender), key=key).body == answer.body


def test_an_unknown_member_is_refused_as_not_found(world: World) -> None:
    to = {"member_id": ids.new_id("mbr")}
    answer = give(world.api, world.member(10), to, 1)
    assert [each["code"] for each in answer.body["errors"]] == ["unknown_member"]


def test_a_gift_needs_a_key_and_a_member(world: World) -> None:
    sender, body = world.member(10), {"to": {"phone": new_phone()}, "points": 1}
    keyless = world.api.post(PATH, body, as_=token(sender))
    assert (keyless.status, keyless.body["code"]) == (400, "idempotency_key_required")
    assert world.api.post(PATH, body, as_=world.ops, key=new_key()).status == 403
    assert world.api.post(PATH, body, key=new_key()).status == 401
    assert points_of(sender).posted == 10


def test_the_message_is_sealed_beside_the_entry_and_never_hashed(world: World) -> None:
    sender, friend = world.member(100), world.member()
    give(world.api, sender, {"member_id": friend}, message=MESSAGE)
    for entry in (history(sender)[-1], history(friend)[-1]):
        assert entry.note is not None
        assert MESSAGE.encode() not in entry.note
        assert crypto.decrypt(entry.note, entry.reference).decode() == MESSAGE
        assert replace(entry, note=None).hash == entry.hash


def gift(sender: str, to: str, points: int, transfer_id: str | None = None) -> Gift:
    transfer_id = transfer_id or ids.new_id("trf")
    return Gift(transfer_id, sender, points, b"content", member_id=to)


def test_concurrent_gifts_in_both_directions_keep_the_sum(world: World) -> None:
    one, other = world.member(100), world.member(100)
    pairs = [(one, other), (other, one)] * 4

    def send(pair: tuple[str, str]) -> None:
        send_gift(gift(*pair, 10), clock.now())

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, pairs))
    assert (points_of(one).posted, points_of(other).posted) == (100, 100)
    assert len(history(one)) == len(history(other)) == 1 + 8


def test_eight_concurrent_copies_of_a_gift_are_sent_once(world: World) -> None:
    sender, friend = world.member(1000), world.member()
    once = gift(sender, friend, 100)
    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(lambda _: send_gift(once, clock.now()), range(8)))
    assert len({entry.hash for entry, _ in sent}) == 1
    assert sorted(replayed for _, replayed in sent) == [False] + [True] * 7
    assert (points_of(sender).posted, points_of(friend).posted) == (900, 100)
    assert ledger.find_entry(ledger.points_account(sender), once.reference) == sent[0][0]
