"""Completed orders of one product, and reviews of their lines over the API."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import ids
from tests.api import Answer, new_key, token
from tests.world import World

WORDS = "保温效果很好 👍"


class Reviewed:
    """A product, members who had it, and the staff that moderates."""

    def __init__(self, world: World) -> None:
        self.world, self.api = world, world.api
        self.product: dict[str, Any] = world.product(points=1, stock=100, kind="virtual")
        self.id: str = self.product["id"]
        self.sku: str = self.product["skus"][0]["sku"]
        self.ops, self.agent = world.ops, token(ids.new_id("mbr"), "agent")

    def buy(self, member: str | None = None, quantity: int = 1) -> tuple[str, str]:
        """(member, a completed order of theirs)"""
        member = member or self.world.member(100)
        placed = self.world.order(member, self.sku, quantity)
        assert placed.status == 201, placed.body
        assert placed.body["status"] == "completed"
        return member, placed.body["id"]

    def write(self, member: str, order: str, *, key: str | None = None, **other: Any) -> Answer:
        body = {"sku": self.sku, "rating": 5, "text": WORDS, **other}
        path = f"/v1/orders/{order}/reviews"
        return self.api.post(path, body, as_=token(member), key=key or new_key())

    def review(self, **other: Any) -> str:
        """The id of a new review by a new member."""
        written = self.write(*self.buy(), **other)
        assert written.status == 201, written.body
        review_id: str = written.body["id"]
        return review_id

    def published(self, **other: Any) -> str:
        review_id = self.review(**other)
        assert self.act(review_id, "publish").status == 200
        return review_id

    def act(self, review_id: str, act: str, body: Any = None, *, as_: str | None = None) -> Answer:
        return self.api.post(f"/v1/admin/reviews/{review_id}/{act}", body, as_=as_ or self.ops)

    def hide(self, review_id: str, reason: str = "广告") -> Answer:
        return self.act(review_id, "hide", {"reason": reason})

    def staff(self, review_id: str) -> Any:
        return self.api.get(f"/v1/admin/reviews/{review_id}", as_=self.ops).body

    def shown(self, query: str = "") -> list[Any]:
        """The reviews that the public sees."""
        found = self.api.get(f"/v1/products/{self.id}/reviews?limit=100{query}")
        assert found.status == 200, found.body
        data: list[Any] = found.body["data"]
        return data

    def rating(self) -> Any:
        return self.api.get(f"/v1/products/{self.id}").body["rating"]

    def mark(self, review_id: str, member: str, *, taken: bool = False) -> Answer:
        method = "DELETE" if taken else "POST"
        path = f"/v1/reviews/{review_id}/helpful"
        return self.api.request(method, path, as_=token(member))

    def state(self) -> Any:
        """What a refusal leaves as it is."""
        return self.rating(), self.shown(), self.shown("&sort=helpful")
