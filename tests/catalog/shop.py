"""A mall's ops at work: categories and products made over the API, each test with its own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from chalicelib.audit import Act, Actor
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from tests.api import Answer, Api, new_key, token


def an_act(action: str, subject: str) -> Act:
    """An act of ops outside a call."""
    actor = Actor("mbr_ops", frozenset({"ops"}), None, "test")
    return Act(new_id("act"), action, subject, actor, clock.to_ms(clock.now()))


def fresh(prefix: str) -> str:
    """A SKU code or category id that no other test uses."""
    return f"{prefix}-{secrets.token_hex(4)}"


class Shop:
    """Calls of ops, with one category of its own."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.ops = token("mbr_ops", "member", "ops")
        self.agent = token("mbr_agent", "member", "agent")
        self.member = token("mbr_li", "member")
        self.category = fresh("cat")
        title = {"zh-CN": "家居", "en": "Home"}
        made = self.post("categories", {"id": self.category, "title": title})
        assert made.status == 201, made

    def post(self, path: str, body: Any, *, key: str | None = None) -> Answer:
        return self.api.post(f"/v1/admin/{path}", body, as_=self.ops, key=key or new_key())

    def get(self, path: str) -> Answer:
        return self.api.get(f"/v1/admin/{path}", as_=self.ops)

    def patch(self, path: str, body: Any, *, version: int | str) -> Answer:
        headers = {"If-Match": str(version)}
        return self.api.patch(f"/v1/admin/{path}", body, as_=self.ops, headers=headers)

    def draft(self, **changes: Any) -> dict[str, Any]:
        """A draft of a product on sale with one SKU of fifty units."""
        return {
            "title": {"zh-CN": "保温杯", "en": "Thermos cup"},
            "description": {"zh-CN": "不锈钢", "en": "Steel"},
            "kind": "physical",
            "category": self.category,
            "price": {"points": 800},
            "status": "on_sale",
            "skus": [{"sku": fresh("CUP"), "specs": {"colour": "red"}, "stock": 50}],
            **changes,
        }

    def product(self, **changes: Any) -> dict[str, Any]:
        """A product that ops made."""
        made = self.post("products", self.draft(**changes))
        assert made.status == 201, made
        product: dict[str, Any] = made.body
        return product

    def sku(self, **changes: Any) -> str:
        """The only SKU of a new product."""
        code: str = self.product(**changes)["skus"][0]["sku"]
        return code

    def virtual_sku(self, codes: list[str] | None = None) -> str:
        """The SKU of a new virtual product, with these codes in its pool."""
        sku = self.sku(kind="virtual", skus=[{"sku": fresh("VIP")}])
        if codes:
            assert self.import_codes(sku, codes).status == 201
        return sku

    def import_codes(self, sku: str, codes: list[str], *, key: str | None = None) -> Answer:
        return self.post(f"code-pools/{sku}/codes", {"codes": codes}, key=key)

    def pool(self, sku: str) -> tuple[int, int]:
        """(free, issued)"""
        found = self.get(f"code-pools/{sku}").body
        return found["free"], found["issued"]

    def available(self, sku: str) -> int:
        left: int = self.get(f"skus/{sku}").body["stock"]["available"]
        return left

    def listed(self, **query: Any) -> list[str]:
        """Ids of the public list of this shop's category, or of another, all pages."""
        shown = self._pages("/v1/products", {"category": self.category, **query})
        return [product["id"] for product in shown]

    def admin_listed(self, **query: Any) -> list[dict[str, Any]]:
        """Rows of the list of ops, all pages."""
        return self._pages("/v1/admin/products", query)

    def categories(self) -> list[dict[str, Any]]:
        """All categories, as ops list them: all pages."""
        return self._pages("/v1/admin/categories", {"limit": 100})

    def admin_found(self, **query: Any) -> Iterator[dict[str, Any]]:
        """Rows of the list of ops, page after page as they are asked for."""
        return self._rows("/v1/admin/products", query)

    def _pages(self, path: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        return list(self._rows(path, query))

    def _rows(self, path: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
        given = {name: value for name, value in query.items() if value is not None}
        while True:
            page = self.api.get(f"{path}?{urlencode(given)}", as_=self.ops)
            assert page.status == 200, page
            yield from page.body["data"]
            if not page.body["next_cursor"]:
                return
            given["cursor"] = page.body["next_cursor"]


def codes_of(answer: Answer) -> list[tuple[str, str]]:
    """The wrong fields of a refusal: (field, code)."""
    return [(wrong["field"], wrong["code"]) for wrong in answer.body["errors"]]
