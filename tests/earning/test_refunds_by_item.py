"""A refund of items takes back what those items earned, by the rules that they matched."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.earning.rules import Share, SoldItem, refunded_of, taken_back
from chalicelib.earning.rules.orders import RefundedOrder
from tests.api import new_key
from tests.earning.ruling import bought, gave, in_force
from tests.earning.shop import account_of, register, sent
from tests.world import World, new_phone, refunded


def item(sku: str, amount: int) -> dict[str, Any]:
    return {"sku": sku, "amount": amount, "quantity": 1}


def refund(amount: int, *items: SoldItem) -> RefundedOrder:
    return RefundedOrder(
        id="r",
        order_id="o",
        occurred_at_ms=0,
        digest=b"",
        member_id=None,
        identity=None,
        items=items,
        amount=amount,
        currency="CNY",
    )


@pytest.mark.parametrize("waits", [False, True])
def test_items_that_no_rule_matched_take_nothing_of_it(world: World, waits: bool) -> None:
    phone, key = new_phone(), new_key()
    member = register(phone)
    tee, cup = f"TEE-{key}", f"CUP-{key}"
    rule_of = {"items": {"field": "item.sku", "op": "=", "value": tee}}
    with in_force(world, rule_of) as (rule,):
        event = bought(phone, (tee, 10_000), (cup, 5_000))
        first = refunded(event, items=[item(cup, 5_000)])
        second = refunded(event, items=[item(tee, 4_000)])
        last = refunded(event, items=[item(tee, 6_000)])
        if waits:
            assert [sent(world, each)["status"] for each in (first, second)] == ["unmatched"] * 2
        sent(world, event)
        assert gave(sent(world, first)) == {
            "purchases": (-50, "refunded"),
            rule["id"]: (0, "refunded"),
        }
        assert gave(sent(world, second)) == {
            "purchases": (-40, "refunded"),
            rule["id"]: (-40, "refunded"),
        }
        sent(world, last)
    account = account_of(member)
    assert (sum(account.lots.values()), account.debt) == (0, 0)


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 10**6)), min_size=1, max_size=9),
    st.integers(0, 10**5),
    st.data(),
)
def test_refunds_of_any_parts_take_all_in_the_end(
    items: list[tuple[str, int]], granted: int, data: Any
) -> None:
    paid = sum(amount for _, amount in items)
    share = Share(sum(amount for sku, amount in items if sku == "A"), frozenset("A"))
    before = so_far = taken = 0
    for sku, amount in items:
        by_item = data.draw(st.booleans())
        told = refund(amount, *([SoldItem(sku, amount, 1)] if by_item else []))
        part = refunded_of(share, told, paid, before, so_far)
        assert 0 <= part <= share.amount - so_far
        points = taken_back(granted, share.amount, so_far, part)
        assert points >= 0
        before, so_far, taken = before + amount, so_far + part, taken + points
    assert (so_far, taken) == (share.amount, granted if share.amount else 0)
