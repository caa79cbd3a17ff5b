"""A product's matrix, rich description, validity and rules of use, over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.catalog.shop import Shop, codes_of, fresh

COLOURS, SIZES = ("红", "蓝"), ("S", "M", "L")


def matrix() -> list[dict[str, Any]]:
    return [
        {"sku": fresh("TEE"), "specs": {"颜色": colour, "尺码": size}, "stock": 3}
        for colour in COLOURS
        for size in SIZES
    ]


def test_a_product_shows_the_axes_that_its_skus_fill(shop: Shop) -> None:
    skus = matrix()
    skus[4]["stock"] = 0
    made = shop.product(skus=skus)
    axes = [{"name": "颜色", "values": [*COLOURS]}, {"name": "尺码", "values": [*SIZES]}]
    shown = shop.api.get(f"/v1/products/{made['id']}").body
    assert made["specs"] == shown["specs"] == axes
    assert [sku["specs"] for sku in shown["skus"]] == [sku["specs"] for sku in skus]
    assert shown["skus"][4]["stock"]["status"] == "sold_out"
    assert shop.product(skus=[{"sku": fresh("ONE")}])["specs"] == []


def test_sixty_skus_are_made_and_changed_at_once(shop: Shop) -> None:
    skus = [{"sku": fresh("N"), "specs": {"号": f"{n}"}, "stock": 1} for n in range(60)]
    made = shop.product(skus=skus)
    changed = shop.patch(f"products/{made['id']}", {"price": {"points": 5}}, version=1)
    assert (changed.status, len(changed.body["skus"])) == (200, 60)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda skus: skus.pop(), ("skus", "missing_combination")),
        (lambda skus: skus[1].update(specs=skus[0]["specs"]), ("skus[1].specs", "duplicate_specs")),
        (lambda skus: skus[3].pop("specs"), ("skus[3].specs", "other_specs")),
    ],
)
def test_a_matrix_with_holes_or_twins_is_refused(
    shop: Shop, change: Any, wrong: tuple[str, str]
) -> None:
    skus = matrix()
    change(skus)
    refused = shop.post("products", shop.draft(skus=skus))
    assert refused.status == 400
    assert wrong in codes_of(refused)
    assert shop.listed() == []


def test_a_refused_change_of_a_matrix_changes_nothing(shop: Shop) -> None:
    made = shop.product(skus=matrix())
    change = {"skus": [{"sku": fresh("XL"), "specs": {"颜色": "红", "尺码": "XL"}, "stock": 1}]}
    refused = shop.patch(f"products/{made['id']}", change, version=1)
    assert codes_of(refused) == [("skus", "missing_combination")]
    assert shop.get(f"products/{made['id']}").body == made


HTML = "<h2>洗护</h2><p>冷水<strong>手洗</strong></p>"


def test_details_are_stored_clean_and_shown_in_the_readers_language(shop: Shop) -> None:
    dirty = f'<div class="a" style="color:red">{HTML}</div>'
    made = shop.product(details={"zh-CN": dirty, "en": "<p>Wash cold</p>"})
    assert made["details"] == {"zh-CN": HTML, "en": "<p>Wash cold</p>"}
    path = f"/v1/products/{made['id']}"
    assert shop.api.get(path, headers={"Accept-Language": "zh-CN"}).body["details"] == HTML
    assert (
        shop.api.get(path, headers={"Accept-Language": "en"}).body["details"] == "<p>Wash cold</p>"
    )
    changed = shop.patch(f"products/{made['id']}", {"details": {"en": ""}}, version=1).body
    assert changed["details"] == {"zh-CN": HTML, "en": ""}
    # A language without details shows the other's.
    assert shop.api.get(path, headers={"Accept-Language": "en"}).body["details"] == HTML


def test_html_that_runs_is_refused(shop: Shop) -> None:
    html = "<p>好</p><script>alert(1)</script>"
    refused = shop.post("products", shop.draft(details={"zh-CN": html}))
    assert (refused.status, codes_of(refused)) == (400, [("details.zh-CN", "unsafe_html")])
    assert shop.listed() == []
    made = shop.product(details={"zh-CN": HTML})
    change = {"details": {"en": "<p onclick=a()>a"}, "status": "off_sale"}
    refused = shop.patch(f"products/{made['id']}", change, version=1)
    assert codes_of(refused) == [("details.en", "unsafe_html")]
    assert shop.get(f"products/{made['id']}").body == made


def test_a_voucher_tells_how_long_and_how_it_is_used(shop: Shop) -> None:
    rules = {"zh-CN": "凭码到店使用\n每桌限用一张", "en": "Show the code at the till"}
    virtual = {"kind": "virtual", "skus": [{"sku": fresh("V")}], "use_rules": rules}
    made = shop.product(**virtual, validity={"days": 30})
    assert made["validity"] == {"days": 30, "from": None, "until": None}
    path = f"/v1/products/{made['id']}"
    shown = shop.api.get(path, headers={"Accept-Language": "zh-CN"}).body
    assert (shown["validity"], shown["use_rules"]) == (made["validity"], rules["zh-CN"])
    assert shop.api.get(path, headers={"Accept-Language": "en"}).body["use_rules"] == rules["en"]
    times = {"from": "2026-12-01T00:00:00+08:00", "until": "2027-01-01T00:00:00+08:00"}
    changed = shop.patch(f"products/{made['id']}", {"validity": times}, version=1).body
    assert changed["validity"] == {
        "days": None,
        "from": "2026-11-30T16:00:00Z",
        "until": "2026-12-31T16:00:00Z",
    }
    change = {"use_rules": {"en": "Once"}, "validity": None}
    changed = shop.patch(f"products/{made['id']}", change, version=2).body
    assert changed["use_rules"] == {**rules, "en": "Once"}
    assert changed["validity"] is None


def test_a_validity_is_for_goods_that_are_used_and_of_one_form(shop: Shop) -> None:
    refused = shop.post("products", shop.draft(validity={"days": 30}))
    assert codes_of(refused) == [("validity", "not_for_physical")]
    both = {"days": 30, "until": "2027-01-01T00:00:00Z"}
    service = {"kind": "service", "validity": both}
    refused = shop.post("products", shop.draft(**service))
    assert codes_of(refused) == [("validity", "days_or_times")]
    refused = shop.post("products", shop.draft(**{**service, "validity": {"days": 0}}))
    assert codes_of(refused)[0][0] == "validity.days"
    assert shop.listed() == []
