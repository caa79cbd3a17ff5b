"""A retry of a placed order gets that order, whatever refuses a new one meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest

from chalicelib import ledger
from tests.api import Answer, new_key, token
from tests.kernel.wire import faults, no_answer
from tests.world import World

POINTS, MANY = 100, 1000


class Placed(NamedTuple):
    """An order that was placed, and what its retry sends again."""

    world: World
    member: str
    product: dict[str, Any]
    address_id: str
    until: ExitStack

    def place(self, key: str) -> Answer:
        body = {
            "items": [{"sku": self.sku, "quantity": 1}],
            "expected": {"points": POINTS},
            "address_id": self.address_id,
        }
        return self.world.api.post("/v1/orders", body, as_=token(self.member), key=key)

    @property
    def sku(self) -> str:
        sku: str = self.product["skus"][0]["sku"]
        return sku

    def left(self) -> tuple[ledger.Account, int]:
        account = ledger.find_account(ledger.points_account(self.member))
        return account, self.world.stock(self.sku)


Hinder = Callable[[Placed], None]


def nothing_more(placed: Placed) -> None:
    """The order itself has taken the last one."""


def change(placed: Placed, what: Any) -> None:
    path, version = f"/v1/admin/products/{placed.product['id']}", placed.product["version"]
    headers = {"If-Match": str(version)}
    changed = placed.world.api.patch(path, what, as_=placed.world.ops, headers=headers)
    assert changed.status == 200, changed.body


def off_sale(placed: Placed) -> None:
    change(placed, {"status": "off_sale"})


def other_price(placed: Placed) -> None:
    change(placed, {"price": {"points": POINTS + 1}})


def frozen(placed: Placed) -> None:
    path = f"/v1/admin/members/{placed.member}/freeze"
    staff = token("mbr_admin", "admin")
    done = placed.world.api.post(path, {"reason": "盗号申诉"}, as_=staff, key=new_key())
    assert done.status == 200, done.body


def no_address(placed: Placed) -> None:
    path = f"/v1/me/addresses/{placed.address_id}"
    assert placed.world.api.delete(path, as_=token(placed.member)).status == 204


def no_reads(placed: Placed) -> None:
    placed.until.enter_context(faults("BatchGetItem", *[no_answer] * 20))


CASES: dict[str, tuple[int, dict[str, Any], Hinder, tuple[int, str]]] = {
    "sold out": (MANY, {"stock": 1}, nothing_more, (409, "out_of_stock")),
    "off sale": (MANY, {}, off_sale, (409, "not_on_sale")),
    "price changed": (MANY, {}, other_price, (409, "price_changed")),
    "limit reached": (MANY, {"limits": {"per_member": 1}}, nothing_more, (409, "limit_reached")),
    "frozen account": (MANY, {}, frozen, (409, "account_frozen")),
    "too few points": (POINTS, {}, nothing_more, (409, "insufficient_points")),
    "deleted address": (MANY, {}, no_address, (400, "invalid_request")),
    "failing reads": (MANY, {}, no_reads, (503, "unavailable")),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_replay_outranks_the_refusal_of_a_new_order(world: World, case: str) -> None:
    points, goods, hinder, refusal = CASES[case]
    member, key = world.member(points), new_key()
    product, address_id = world.product(points=POINTS, **goods), world.address(member)
    with ExitStack() as until:
        placed = Placed(world, member, product, address_id, until)
        first = placed.place(key)
        assert first.status == 201, first.body
        hinder(placed)
        before = placed.left()
        again, other = placed.place(key), placed.place(new_key())
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.body["code"]) == refusal
    assert placed.left() == before
