"""Brands: made, changed and deleted by ops, listed for everybody."""

from __future__ import annotations

from typing import Any

from tests.api import Answer, new_key
from tests.catalog.shop import Shop, codes_of, fresh


def draft(**other: Any) -> dict[str, Any]:
    title = {"zh-CN": "极致", "en": "Acme"}
    return {"id": fresh("brand"), "title": title, "position": 900_000, "logo": None, **other}


def delete(shop: Shop, brand: str, version: int, *, as_: str | None = None) -> Answer:
    headers = {"If-Match": str(version)}
    return shop.api.delete(f"/v1/admin/brands/{brand}", as_=as_ or shop.ops, headers=headers)


def listed(shop: Shop, language: str = "en") -> dict[str, Any]:
    rows = shop.api.listed("/v1/brands", headers={"Accept-Language": language})
    return {brand["id"]: brand for brand in rows}


def test_everybody_sees_the_brands_by_position_in_their_language(shop: Shop) -> None:
    late, early = draft(), draft(position=899_999, logo="/pictures/acme.svg")
    for body in (late, early):
        assert shop.post("brands", body).status == 201
    shown = listed(shop)
    assert list(shown).index(early["id"]) < list(shown).index(late["id"])
    expected = {"id": early["id"], "position": 899_999, "logo": early["logo"]}
    assert shown[early["id"]] == {**expected, "title": "Acme"}
    assert listed(shop, "zh-CN")[early["id"]] == {**expected, "title": "极致"}
    refused = shop.api.get("/v1/brands?cursor=AAAA")
    assert (refused.status, refused.body["code"]) == (400, "invalid_cursor")


def test_a_retry_of_a_created_brand_returns_the_same_brand(shop: Shop) -> None:
    body, key = draft(), new_key()
    first, again = shop.post("brands", body, key=key), shop.post("brands", body, key=key)
    assert first.body == {**body, "version": 1}
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = shop.post("brands", draft(), key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    taken = shop.post("brands", {**body, "position": 4})
    assert (taken.status, taken.body["code"]) == (409, "brand_exists")
    assert listed(shop)[body["id"]]["position"] == 900_000


def test_a_change_to_a_brand_needs_its_version(shop: Shop) -> None:
    body = draft(logo="/pictures/a.svg")
    shop.post("brands", body)
    path = f"brands/{body['id']}"
    changed = shop.patch(path, {"title": {"en": "Ajax"}, "logo": None}, version=1)
    title = {"zh-CN": "极致", "en": "Ajax"}
    assert changed.body == {**body, "version": 2, "title": title, "logo": None}
    assert shop.patch(path, {"position": 1}, version=1).status == 412
    assert shop.patch("brands/none-such", {"position": 1}, version=1).status == 404
    assert changed.body in shop.api.listed("/v1/admin/brands", as_=shop.ops)


def test_a_deleted_brand_is_gone_and_its_goods_go_on(shop: Shop) -> None:
    body = draft()
    shop.post("brands", body)
    product = shop.product(brand=body["id"])
    assert delete(shop, body["id"], 2).status == 412
    assert body["id"] in listed(shop)
    assert delete(shop, body["id"], 1).status == 204
    assert body["id"] not in listed(shop)
    assert delete(shop, body["id"], 1).status == 404
    assert shop.api.get(f"/v1/products/{product['id']}").body["brand"] == body["id"]


def test_a_bad_brand_is_refused_by_its_field(shop: Shop) -> None:
    for field, value in (("id", "No Slug"), ("position", -1), ("logo", "ftp://a"), ("extra", 1)):
        refused = shop.post("brands", draft(**{field: value}))
        assert refused.status == 400, field
        assert [wrong for wrong, _ in codes_of(refused)] == [field]


def test_ops_and_admins_write_brands_and_agents_read_them(shop: Shop) -> None:
    body = draft()
    shop.post("brands", body)
    path, headers = f"/v1/admin/brands/{body['id']}", {"If-Match": "1"}
    assert shop.api.get("/v1/admin/brands", as_=shop.agent).status == 200
    assert shop.api.get("/v1/admin/brands", as_=shop.member).status == 403
    for other in (shop.agent, shop.member):
        made = shop.api.post("/v1/admin/brands", draft(), as_=other, key=new_key())
        assert made.status == 403
        assert shop.api.patch(path, {"position": 2}, as_=other, headers=headers).status == 403
        assert delete(shop, body["id"], 1, as_=other).status == 403
    assert listed(shop)[body["id"]]["position"] == 900_000
