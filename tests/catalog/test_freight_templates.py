"""Freight templates made and changed by ops, and the products that name them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.catalog.queries.offers import find_offers
from tests.api import new_key, token
from tests.catalog.shop import Shop, codes_of, fresh

REGION = {"provinces": ["上海市"], "fee": 600, "first": 1000, "step": 500, "step_fee": 200}


def draft(**other: Any) -> dict[str, Any]:
    title = {"zh-CN": "快递", "en": "Parcel"}
    return {"title": title, "charged_by": "weight", "regions": [REGION], **other}


def test_a_template_is_read_back_as_it_was_sent(shop: Shop) -> None:
    made = shop.post("freight-templates", draft())
    assert made.status == 201
    assert made.body == {
        "id": made.body["id"],
        "version": 1,
        "paid_in": "cash",
        "free": {"points": None, "cash": None, "tiers": []},
        **draft(),
    }
    assert shop.get(f"freight-templates/{made.body['id']}").body == made.body
    ids = [each["id"] for each in shop.api.listed("/v1/admin/freight-templates", as_=shop.ops)]
    assert made.body["id"] in ids


def test_a_retry_returns_the_same_template_and_other_content_is_refused(shop: Shop) -> None:
    key = new_key()
    first = shop.post("freight-templates", draft(), key=key)
    again = shop.post("freight-templates", draft(), key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = shop.post("freight-templates", draft(paid_in="points"), key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def test_a_change_needs_the_version_that_it_builds_on_and_is_audited(shop: Shop) -> None:
    made = shop.post("freight-templates", draft()).body
    path = f"freight-templates/{made['id']}"
    changed = shop.patch(path, {"free": {"points": 500}}, version=1)
    assert (changed.status, changed.body["version"]) == (200, 2)
    assert changed.body["free"]["points"] == 500
    stale = shop.patch(path, {"paid_in": "points"}, version=1)
    assert (stale.status, stale.body["code"]) == (412, "stale_version")
    assert shop.get(path).body == changed.body
    admin = token("mbr_admin", "admin")
    acts = shop.api.get(f"/v1/admin/audit?subject={made['id']}", as_=admin).body["data"]
    told = {act["action"]: (act["before"], act["after"]) for act in acts}
    before, after = told["freight.change"]
    assert (before["free_points"], after["free_points"]) == (None, 500)
    assert "freight.create" in told


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"regions": []}, "regions", "too_few"),
        ({"regions": [{**REGION, "fee": -1}]}, "regions[0].fee", "out_of_range"),
        ({"regions": [{**REGION, "fee": 1.5}]}, "regions[0].fee", "not_an_integer"),
        ({"regions": [{**REGION, "first": 0}]}, "regions[0].first", "out_of_range"),
        ({"regions": [{**REGION, "step": 0}]}, "regions[0].step", "out_of_range"),
        ({"regions": [{**REGION, "provinces": ["上海"]}]}, "regions[0].provinces[0]", "not_one_of"),
        ({"regions": [REGION, REGION]}, "regions[1].provinces[0]", "duplicate"),
        ({"charged_by": "volume"}, "charged_by", "not_one_of"),
    ],
)
def test_a_wrong_template_is_refused_by_the_field(
    shop: Shop, wrong: Any, field: str, code: str
) -> None:
    before = shop.get("freight-templates").body
    refused = shop.post("freight-templates", draft(**wrong))
    assert (refused.status, codes_of(refused)) == (400, [(field, code)])
    assert shop.get("freight-templates").body == before


def test_templates_are_for_ops(shop: Shop) -> None:
    path = "/v1/admin/freight-templates"
    made = shop.api.post(path, draft(), as_=shop.agent, key=new_key())
    assert made.status == 403
    assert shop.api.get(path, as_=shop.agent).status == 200
    assert shop.api.get(path, as_=shop.member).status == 403
    assert shop.get("freight-templates/frt_none").status == 404


def test_a_product_names_its_template_and_the_weight_of_each_sku(shop: Shop) -> None:
    template = shop.post("freight-templates", draft()).body["id"]
    skus = [{"sku": fresh("CUP"), "stock": 5, "weight_grams": 450}]
    made = shop.product(freight_template=template, skus=skus)
    assert (made["freight_template"], made["skus"][0]["weight_grams"]) == (template, 450)
    sku, path = skus[0]["sku"], f"products/{made['id']}"
    offer = find_offers([sku], consistent=True)[sku]
    assert (offer.freight, offer.grams) == (template, 450)
    heavier = shop.patch(path, {"skus": [{"sku": sku, "weight_grams": 500}]}, version=1)
    assert heavier.body["skus"][0]["weight_grams"] == 500
    free = shop.patch(path, {"freight_template": None}, version=2)
    assert free.body["freight_template"] is None
    offer = find_offers([sku], consistent=True)[sku]
    assert (offer.freight, offer.grams) == (None, None)


@pytest.mark.parametrize(("grams", "code"), [(-1, "out_of_range"), (0.5, "not_an_integer")])
def test_a_weight_is_a_number_of_grams(shop: Shop, grams: Any, code: str) -> None:
    refused = shop.post("products", shop.draft(skus=[{"sku": fresh("W"), "weight_grams": grams}]))
    assert codes_of(refused) == [("skus[0].weight_grams", code)]
    assert shop.listed() == []


def test_a_product_cannot_name_a_template_that_is_not_there(shop: Shop) -> None:
    refused = shop.post("products", shop.draft(freight_template="frt_none"))
    assert codes_of(refused) == [("freight_template", "unknown_freight_template")]
    made = shop.product()
    changed = shop.patch(f"products/{made['id']}", {"freight_template": "frt_none"}, version=1)
    assert codes_of(changed) == [("freight_template", "unknown_freight_template")]


def test_only_goods_that_are_sent_have_freight(shop: Shop) -> None:
    template = shop.post("freight-templates", draft()).body["id"]
    refused = shop.post("products", shop.draft(kind="service", freight_template=template))
    assert codes_of(refused) == [("freight_template", "not_for_this_kind")]
