"""Favourites of a member."""

from __future__ import annotations

import pytest

from tests.api import Answer, token
from tests.catalog.shop import Shop, fresh
from tests.conftest import Time


class Hearts:
    """The favourites of one member."""

    def __init__(self, shop: Shop) -> None:
        self.api, self.member = shop.api, token(fresh("mbr"), "member")

    def call(self, method: str, product_id: str) -> Answer:
        return self.api.request(method, f"/v1/me/favourites/{product_id}", as_=self.member)

    def listed(self) -> list[tuple[str, bool]]:
        path = "/v1/me/favourites?limit=2"
        found: list[tuple[str, bool]] = []
        cursor = ""
        while True:
            body = self.api.get(path + cursor, as_=self.member).body
            found += [(each["product"]["id"], each["on_sale"]) for each in body["data"]]
            if not body["next_cursor"]:
                return found
            cursor = f"&cursor={body['next_cursor']}"


@pytest.fixture
def hearts(shop: Shop) -> Hearts:
    return Hearts(shop)


def test_a_favourite_is_kept_once_listed_and_removed(
    shop: Shop, hearts: Hearts, time: Time
) -> None:
    ids = [shop.product()["id"] for _ in range(3)]
    unknown = {"product_id": ids[0], "favourite": False, "created_at": None}
    assert hearts.call("GET", ids[0]).body == unknown
    for product_id in ids:
        made = hearts.call("PUT", product_id)
        assert (made.status, made.body["product_id"]) == (200, product_id)
        time.advance(seconds=1)
    again = hearts.call("PUT", ids[0])
    assert again.body == hearts.call("GET", ids[0]).body
    assert hearts.listed() == [(ids[2], True), (ids[1], True), (ids[0], True)]
    assert hearts.call("DELETE", ids[1]).status == 204
    assert hearts.call("DELETE", ids[1]).status == 204
    assert hearts.listed() == [(ids[2], True), (ids[0], True)]


def test_a_favourite_that_goes_off_sale_stays_and_says_so(shop: Shop, hearts: Hearts) -> None:
    made = shop.product()
    hearts.call("PUT", made["id"])
    shop.patch(f"products/{made['id']}", {"status": "off_sale"}, version=1)
    assert hearts.listed() == [(made["id"], False)]
    assert hearts.call("PUT", made["id"]).status == 200


def test_what_is_not_on_sale_becomes_no_favourite(shop: Shop, hearts: Hearts) -> None:
    draft = shop.product(status="draft")["id"]
    for product_id in (draft, f"prd_{'a' * 26}", "nonsense"):
        assert hearts.call("PUT", product_id).status == 404
    assert hearts.listed() == []


def test_favourites_are_of_their_member_alone(shop: Shop, hearts: Hearts) -> None:
    made = shop.product()["id"]
    hearts.call("PUT", made)
    other = Hearts(shop)
    assert other.listed() == []
    assert other.call("GET", made).body["favourite"] is False
    other.call("DELETE", made)
    assert hearts.listed() == [(made, True)]
    for method in ("GET", "PUT", "DELETE"):
        path = f"/v1/me/favourites/{made}"
        assert shop.api.request(method, path).status == 401
