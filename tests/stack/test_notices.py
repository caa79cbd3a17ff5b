"""The inbox's function is called for news alone."""

from __future__ import annotations

from tests.stack.mall import Mall, read


def test_a_redemption_gives_the_inbox_one_message(mall: Mall) -> None:
    """Its entry in the ledger is no news, so the topic does not deliver it."""
    sku = mall.sku(stock=5)
    [member] = mall.members(1, points=1000, address=True)
    mall.drain()
    orders = [read(mall.order(member, sku), 201) for _ in range(5)]
    delivered = mall.drain()
    assert (delivered["ledger_relay"], delivered["orders_relay"]) == (10, 5)
    assert delivered["notify_members"] == 5
    told = mall.pages("/v1/me/notifications", member)
    heard = [each["data"]["order_id"] for each in told if each["type"].startswith("order.")]
    assert sorted(heard) == sorted(each["id"] for each in orders)
