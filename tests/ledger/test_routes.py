"""A member's points over the API: balance, history by pages, each entry as a fact."""

from __future__ import annotations

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.ledger.tables import EntryItem
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of
from tests.api import token
from tests.world import World, new_phone, paid


def register(phone: str) -> str:
    return enrol(destination_of(phone=phone), roles=(), now=clock.now())


def test_the_history_shows_each_entry_newest_first(world: World) -> None:
    phone = new_phone()
    member = register(phone)
    for amount in (100, 200, 300):
        world.event(paid(phone, amount=amount))
    as_ = token(member)
    first = world.api.get("/v1/me/points/entries?limit=2", as_=as_).body
    assert [entry["points"] for entry in first["data"]] == [3, 2]
    rest = world.api.get(
        f"/v1/me/points/entries?limit=2&cursor={first['next_cursor']}", as_=as_
    ).body
    assert [entry["points"] for entry in rest["data"]] == [1]
    assert rest["next_cursor"] is None
    assert first["data"][1]["prev_hash"] == rest["data"][0]["hash"]
    none = world.api.get("/v1/me/points/entries?type=redemption", as_=as_).body
    assert none["data"] == []
    balance = world.api.get("/v1/me/points", as_=as_).body
    assert (balance["available"], balance["lifetime"]["accrued"]) == (6, 6)
    assert sum(lot["points"] for lot in balance["expiring"]) == 6
    for bad in ("type=gift", "from=yesterday", "limit=0", "limit=101", "cursor=x", "unit=gold"):
        path = "/v1/me/points" if "unit" in bad else "/v1/me/points/entries"
        assert world.api.get(f"{path}?{bad}", as_=as_).status == 400, bad


def test_each_new_entry_is_published_as_a_fact(world: World) -> None:
    phone = new_phone()
    from chalicelib.kernel.store.streams import Change
    from chalicelib.ledger.events import facts_of

    member = register(phone)
    event = paid(phone)
    made = world.event(event).body["entries"][0]
    reference = f"order_paid:shop-1:{event['data']['order_id']}:purchases"
    entry = ledger.find_entry(ledger.points_account(member), reference)
    assert entry
    image = EntryItem.of(entry).to_dynamodb_dict()
    (fact,) = facts_of(Change("1", None, image))
    assert (fact.id, fact.type) == (made["id"], "ledger.entry")
    assert fact.data.member_id == member
    assert fact.data.points == 199
    assert ids.derived_id("ent", entry.account_id, reference) == fact.data.entry_id
