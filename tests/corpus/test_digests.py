"""Digests of bodies never change: records of each release hold them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

import app
from chalicelib.earning.routes import bodies
from chalicelib.kernel import ids
from chalicelib.kernel.digests import content_of, digest_of
from chalicelib.kernel.web import http
from chalicelib.kernel.web.requests import decode_body
from tests.api import new_key, token
from tests.corpus.bodies import bodied_routes
from tests.corpus.growing import NEW, grown
from tests.world import World, new_phone, paid

RELEASES = sorted(path.parent for path in Path(__file__).parent.glob("*/digests.jsonl"))
assert app.app, "all routes are registered"
KINDS = {name: kind for name, _, kind in bodied_routes()}
RECORDED = [
    (line["route"], line["body"], line["digest"])
    for release in RELEASES
    for line in map(json.loads, (release / "digests.jsonl").read_text("utf-8").splitlines())
]
NO_BODY = "POST /v1/orders/{id}/cancel"


def digest(body: Any, kind: Any) -> str:
    sent = msgspec.json.encode(body)
    return digest_of(decode_body(sent, kind), sent).hex()


def test_bodies_of_every_release_keep_the_digests_in_its_records() -> None:
    for route, body, recorded in RECORDED:
        if route == NO_BODY:
            assert digest_of(None, b"").hex() == recorded
        elif route in KINDS:
            assert digest(body, KINDS[route]) == recorded, (route, body)
        else:
            pytest.fail(f"{route} is gone: take its bodies out with what it made")


def test_each_body_of_the_first_release_is_recorded() -> None:
    recorded = {route for route, _, _ in RECORDED}
    assert len(recorded) >= 42
    assert len(RECORDED) > 150


def test_a_digest_is_made_of_the_sent_text_and_not_of_the_tidied_one() -> None:
    """An earlier release digested these bytes unchanged."""
    kind = KINDS["POST /v1/me/addresses"]
    sent = {
        "recipient": " 李  雷",
        "phone": "１３８ 0013 8000",
        "province": "上海市",
        "city": "上海市",
        "street": "南京东路  1 号",
    }
    then = {**sent, "country": "CN", "district": None, "postal_code": None, "is_default": False}
    assert digest(sent, kind) == ids.digest(msgspec.json.encode(then, order="sorted")).hex()
    assert decode_body(msgspec.json.encode(sent), kind).recipient == "李 雷"


def test_routes_that_take_a_key_keep_their_paths() -> None:
    """Ids are made of the path as it is written here: a retry finds its record by it."""
    now = {f"{each.method} {each.path}" for each in http.ROUTES if each.key is not None}
    for release in RELEASES:
        then = (release / "keyed_routes.txt").read_text("utf-8").split("\n")
        assert len(then) > 40
        assert set(filter(None, then)) <= now


@pytest.mark.parametrize("changed", [False, True])
def test_a_new_optional_member_keeps_older_digests(changed: bool) -> None:
    later = {route: grown(kind, changed=changed) for route, kind in KINDS.items()}
    grew = 0
    for route, body, recorded in RECORDED:
        if route != NO_BODY:
            assert digest(body, later[route]) == recorded, (route, body)
            grew += 1
    assert grew == len(RECORDED) - 1


def test_a_later_member_changes_the_digest_unless_it_is_null() -> None:
    later = {route: grown(kind) for route, kind in KINDS.items()}
    for route, body, recorded in RECORDED:
        if route != NO_BODY:
            assert digest({**body, NEW: None}, later[route]) == recorded
            assert digest({**body, NEW: "more"}, later[route]) != recorded


def test_a_route_with_a_new_body_knows_older_requests_without_one() -> None:
    later = msgspec.defstruct("FirstTaken", [("note", str | None, None)])
    none = digest_of(None, b"")
    assert digest_of(msgspec.json.decode(b"{}", type=later), b"") == none
    assert digest_of(msgspec.json.decode(b'{"note":null}', type=later), b'{"note":null}') == none
    said = b'{"note":"a"}'
    assert digest_of(msgspec.json.decode(said, type=later), said) != none


def test_a_digest_ignores_the_layout_of_json() -> None:
    kind = KINDS["POST /v1/orders"]
    plain = b'{"items":[{"sku":"A","quantity":1}],"points":5}'
    wanted = digest_of(decode_body(plain, kind), plain)
    for other in (
        b' { "points" : 5 , "items" : [ { "quantity" : 1 , "sku" : "\\u0041" } ] } ',
        b'{"items":[{"sku":"A","quantity":1}],"points":5,"booking":null}',
        b'{"points":9,"items":[{"sku":"A","quantity":1}],"points":5}',
    ):
        assert digest_of(decode_body(other, kind), other) == wanted
    for other in (
        b'{"items":[{"sku":"A","quantity":1}]}',
        b'{"items":[{"sku":"A","quantity":2}],"points":5}',
        b'{"items":[{"sku":"A","quantity":1}],"points":0}',
    ):
        assert digest_of(decode_body(other, kind), other) != wanted


def test_the_digested_content_is_the_json_of_the_first_release() -> None:
    sent = b'{"items":[{"sku":"A","quantity":1}],"booking":{"at":"2026-12-01T10:00:00+08:00"}}'
    content = content_of(decode_body(sent, KINDS["POST /v1/orders"]), sent)
    assert content == (
        b'{"address_id":null,"booking":{"at":"2026-12-01T10:00:00+08:00","note":null},'
        b'"expected":null,"items":[{"quantity":1,"sku":"A"}],"payment_method":null,"points":null}'
    )
    assert ids.digest(content) == digest_of(decode_body(sent, KINDS["POST /v1/orders"]), sent)


@contextmanager
def next_release(*routes: str) -> Iterator[None]:
    """The bodies of these routes have grown."""
    found = [each for each in http.ROUTES if f"{each.method} {each.path}" in routes]
    assert len(found) == len(routes)
    before = [each.body for each in found]
    try:
        for each in found:
            object.__setattr__(each, "body", grown(each.body))
        yield
    finally:
        for each, body in zip(found, before, strict=True):
            object.__setattr__(each, "body", body)


def test_a_retry_after_an_upgrade_gets_the_first_answer(world: World) -> None:
    member, sku = world.member(500), world.sku(points=100)
    product = {
        "title": {"zh-CN": "杯", "en": "Cup"},
        "kind": "physical",
        "category": world.category,
        "price": {"points": 10},
        "skus": [{"sku": f"S-{new_key()}"}],
    }
    code = f"c{new_key()}"
    calls: list[tuple[str, Any, str]] = [
        (
            "/v1/orders",
            {"items": [{"sku": sku, "quantity": 1}], "address_id": world.address(member)},
            token(member),
        ),
        ("/v1/me/points/transfers", {"to": {"phone": new_phone()}, "points": 7}, token(member)),
        ("/v1/admin/categories", {"id": code, "title": {"zh-CN": "茶", "en": "Tea"}}, world.ops),
        ("/v1/admin/products", product, world.ops),
        (f"/v1/admin/skus/{sku}/restock", {"quantity": 3, "reason": "到货"}, world.ops),
    ]
    keys = [new_key() for _ in calls]
    first = [
        world.api.post(path, body, as_=who, key=key)
        for (path, body, who), key in zip(calls, keys, strict=True)
    ]
    assert [answer.status for answer in first] == [201] * len(calls), first
    before = world.available(member), world.stock(sku)
    routes = [f"POST {path.replace(sku, '{sku}')}" for path, _, _ in calls]
    with next_release(*routes):
        for (path, body, who), key, answer in zip(calls, keys, first, strict=True):
            again = world.api.post(path, body, as_=who, key=key)
            assert (again.status, again.body) == (201, answer.body)
            assert again.headers["Idempotent-Replayed"] == "true"
            other = world.api.post(path, {**body, NEW: "more"}, as_=who, key=key)
            assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert (world.available(member), world.stock(sku)) == before


def test_a_partners_retry_after_an_upgrade_is_a_duplicate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = world.member(100)
    hold = {
        "id": f"cart-{new_key()}",
        "member": {"member_id": member},
        "points": 30,
        "expires_in_seconds": 600,
    }
    event = paid(new_phone())
    assert world.event(event).body["status"] == "unmatched"
    assert world.partner("POST", "/v1/partner/holds", hold).status == 201
    monkeypatch.setattr(bodies, "EventIn", grown(bodies.EventIn))
    assert world.event(event).body["status"] == "unmatched"
    assert world.event({**event, NEW: "more"}).body["code"] == "event_id_reused"
    from chalicelib.earning.routes import signed

    monkeypatch.setattr(signed, "decode_body", _decoding_grown)
    again = world.partner("POST", "/v1/partner/holds", hold)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert world.available(member) == 70


def _decoding_grown(content: bytes, into: Any) -> Any:
    return decode_body(content, grown(into))
