"""Tokens of an id that was merged: they end in words, and write nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import new_key, token
from tests.members.people import People, refresh
from tests.privacy.merging import merge
from tests.withdrawals.withdrawing import PROVIDER
from tests.world import World


def test_sessions_of_the_old_member_end_in_words(world: World, people: People) -> None:
    one, other = people.sign_in(), people.sign_in()
    merge(world, other.id, one.id)
    for answer in (
        refresh(world.api, other.refresh_token),
        world.api.get("/v1/me", as_=other.token),
    ):
        assert (answer.status, answer.body["code"]) == (401, "account_merged")
    assert refresh(world.api, one.refresh_token).status == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/me/check-ins", None),
        ("POST", "/v1/me/uploads", {"content_type": "image/png", "bytes": 100}),
        ("PUT", "/v1/me/payout-account", PROVIDER),
    ],
)
def test_a_token_of_the_old_id_writes_nothing(
    world: World, method: str, path: str, body: Any
) -> None:
    one, other = world.member(), world.member()
    old = token(other)
    merge(world, other, one)
    answer = world.api.request(method, path, body, as_=old, key=new_key())
    assert (answer.status, answer.body["code"]) == (401, "account_merged"), answer.body
    assert world.api.request(method, path, body, as_=token(one), key=new_key()).status < 300


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/v1/me/cart", {"items": []}),
        ("DELETE", "/v1/me/cart", None),
        ("PUT", "/v1/me/cart/items/{sku}", {"quantity": 1}),
        ("DELETE", "/v1/me/cart/items/{sku}", None),
        ("PUT", "/v1/me/favourites/{product}", None),
        ("DELETE", "/v1/me/favourites/{product}", None),
    ],
)
def test_a_token_of_the_old_id_changes_no_cart_and_no_favourites(
    world: World, method: str, path: str, body: Any
) -> None:
    goods = world.product()
    path = path.format(sku=goods["skus"][0]["sku"], product=goods["id"])
    one, other = world.member(), world.member()
    old = token(other)
    merge(world, other, one)
    answer = world.api.request(method, path, body, as_=old)
    assert (answer.status, answer.body["code"]) == (401, "account_merged"), answer.body
    assert world.api.get("/v1/me/cart", as_=old).body["count"] == 0
    assert world.api.get("/v1/me/favourites", as_=old).body["data"] == []
    assert world.api.request(method, path, body, as_=token(one)).status < 300
