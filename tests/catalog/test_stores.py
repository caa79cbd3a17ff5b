"""Stores: made, changed and listed by city."""

from __future__ import annotations

from datetime import datetime

import pytest

from chalicelib.catalog.rules.products import Localized
from chalicelib.catalog.rules.stores import Hours, Store
from tests.api import new_key, token
from tests.catalog.stores import new_store, store_body
from tests.world import World


def test_a_store_is_listed_by_its_city_in_either_language(world: World) -> None:
    city = {"zh-CN": f"城{new_key()[:6]}", "en": f"City {new_key()[:6]}"}
    store = new_store(world, city=city)
    new_store(world)
    for name in city.values():
        found = world.api.get("/v1/stores?city=" + name.replace(" ", "%20"))
        assert [each["id"] for each in found.body["data"]] == [store["id"]]
    shown = world.api.get(f"/v1/stores/{store['id']}").body
    assert (shown["title"], shown["city"]) == ("Nanjing Road East", city["en"])
    assert "staff" not in shown


def test_a_retry_makes_one_store_and_another_body_is_refused(world: World) -> None:
    key, body = new_key(), store_body()
    first, again = (
        world.api.post("/v1/admin/stores", body, as_=world.ops, key=key) for _ in range(2)
    )
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    other = world.api.post("/v1/admin/stores", {**body, "status": "closed"}, as_=world.ops, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_store_changes_by_its_version(world: World) -> None:
    store = new_store(world)
    path = f"/v1/admin/stores/{store['id']}"
    stale = world.api.patch(path, {"status": "closed"}, as_=world.ops, headers={"If-Match": "9"})
    assert stale.status == 412
    changed = world.api.patch(
        path,
        {"status": "closed", "title": {"en": "Bund"}},
        as_=world.ops,
        headers={"If-Match": "1"},
    )
    assert (changed.status, changed.body["version"]) == (200, 2)
    assert changed.body["title"] == {"zh-CN": "南京东路店", "en": "Bund"}
    assert world.api.get(path, as_=world.ops).body == changed.body
    assert world.api.get(f"/v1/stores/{store['id']}").body["is_open"] is False
    acts = world.api.get(
        f"/v1/admin/audit?subject={store['id']}", as_=token("mbr_admin", "admin")
    ).body["data"]
    assert {each["action"] for each in acts} == {"store.create", "store.change"}


@pytest.mark.parametrize(
    ("hours", "field", "code"),
    [
        ({"days": [1], "opens": "21:00", "closes": "09:00"}, "hours[0].closes", "not_after_opens"),
        ({"days": [1, 1], "opens": "09:00", "closes": "10:00"}, "hours[0].days", "duplicate"),
        ({"days": [8], "opens": "09:00", "closes": "10:00"}, "hours[0].days[0]", None),
        ({"days": [1], "opens": "9:00", "closes": "25:00"}, "hours[0].opens", None),
    ],
)
def test_hours_that_are_none_are_refused(
    world: World, hours: object, field: str, code: str | None
) -> None:
    answer = world.api.post(
        "/v1/admin/stores", store_body(hours=[hours]), as_=world.ops, key=new_key()
    )
    assert answer.status == 400
    assert answer.body["errors"][0]["field"] == field
    assert code in (None, answer.body["errors"][0]["code"])


def refused_of(world: World, **other: object) -> list[tuple[str, str]]:
    """(field, code) of the refusals of a new store; none was made."""
    before = world.api.get("/v1/admin/stores", as_=world.ops).body["data"][:1]
    body = store_body(**other)
    answer = world.api.post("/v1/admin/stores", body, as_=world.ops, key=new_key())
    assert answer.status == 400, answer.body
    assert world.api.get("/v1/admin/stores", as_=world.ops).body["data"][:1] == before
    return [(each["field"], each["code"]) for each in answer.body["errors"]]


@pytest.mark.parametrize(
    "phone", ["<b>12345</b>", "😀😀😀😀😀", "call us", "021-\n61234567", "+++++"]
)
def test_a_stores_phone_is_one(world: World, phone: str) -> None:
    assert refused_of(world, phone=phone) == [("phone", "invalid")]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("（021）６１２３４５６７", "(021)61234567"),
        ("021-61234567 转 8001", "021-61234567 转 8001"),
        ("+86 21 6123 4567 ext. 12", "+86 21 6123 4567 ext. 12"),
        ("400\u200b-820-8888", "400-820-8888"),
        ("95338", "95338"),
    ],
)
def test_phones_of_shops_are_taken_as_they_are_written(world: World, sent: str, kept: str) -> None:
    assert new_store(world, phone=sent)["phone"] == kept


@pytest.mark.parametrize("staff", ["=1+1", "+8613800138011", "小王", "usr_1", "mbr_a b"])
def test_a_stores_staff_is_named_by_ids(world: World, staff: str) -> None:
    assert refused_of(world, staff=["mbr_clerk", staff]) == [("staff[1]", "invalid")]


def test_only_ops_make_stores(world: World) -> None:
    member = token(world.member())
    refused = world.api.post("/v1/admin/stores", store_body(), as_=member, key=new_key())
    assert refused.status == 403
    assert world.api.get("/v1/admin/stores", as_=member).status == 403
    assert world.api.get("/v1/stores/sto_no").status == 404


@pytest.mark.pure
@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-30T09:00:00+08:00", True),
        ("2026-11-30T08:59:00+08:00", False),
        ("2026-11-30T18:00:00+08:00", False),
        ("2026-12-01T10:00:00+08:00", False),
    ],
)
def test_a_store_is_open_within_its_hours_on_the_programs_clock(at: str, is_open: bool) -> None:
    name = Localized("店", "Store")
    store = Store(
        id="sto_1",
        version=1,
        title=name,
        city=name,
        address=name,
        hours=[Hours([1], "09:00", "18:00")],
    )
    assert store.is_open_at(datetime.fromisoformat(at)) is is_open
