"""What the staff finds among all products, on sale or not."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from chalicelib.catalog.queries import staff_lists
from tests.catalog.shop import Shop, fresh


def test_the_staff_finds_drafts_by_words_of_the_title_by_id_and_by_sku(shop: Shop) -> None:
    word, sku = fresh("w").replace("-", ""), fresh("SKU")
    made = shop.product(
        title={"zh-CN": f"保温杯{word}", "en": "Cup"}, status="draft", skus=[{"sku": sku}]
    )
    shop.product(title={"zh-CN": f"电饭煲{word}", "en": "Cooker"})
    for query in (f"{word} 保溫", made["id"], sku):
        found = shop.admin_listed(q=query)
        assert [each["id"] for each in found] == [made["id"]]
    assert len(shop.admin_listed(q=word, limit=1)) == 2
    assert shop.admin_listed(q=f"{word} 保温", status="on_sale") == []


def test_a_search_of_the_staff_ends_after_so_many_products_and_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = fresh("w").replace("-", "")
    made = shop.product(title={"zh-CN": word, "en": "Cup"})["id"]
    for _ in range(3):
        shop.product()
    monkeypatch.setattr(staff_lists, "MOST_LOOKED_AT", 1)
    monkeypatch.setattr(staff_lists, "FILTERED_PAGE", 1)
    assert next(shop.admin_found(q=word))["id"] == made


@pytest.mark.parametrize("query", ["，。", "x" * 101])
def test_a_search_of_the_staff_without_words_is_refused(shop: Shop, query: str) -> None:
    refused = shop.get(f"products?q={quote(query)}")
    code = "query_too_long" if len(query) > 100 else "query_has_no_words"
    assert (refused.status, refused.body["code"]) == (400, code)
