"""What a member has that goes over by the rest of a merge."""

from __future__ import annotations

from typing import Any

from chalicelib import catalog
from chalicelib.earning.tables.limits import CapItem
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.orders.queries.cart import find_cart
from chalicelib.risk.queries.evidence import uses_of
from chalicelib.tiers.actions.standings import record_activity
from chalicelib.tiers.queries import find_standing
from chalicelib.tiers.rules.months import month_of
from chalicelib.tiers.rules.standing import Sums
from chalicelib.withdrawals.queries.payout_accounts import find_payout_account, opened
from tests.api import new_key, token
from tests.earning.ruling import drafted
from tests.risk.people import signs_in
from tests.withdrawals.withdrawing import PROVIDER
from tests.world import World

NOTHING = ({}, [], None, None, [])


class Belongings:
    """A cart, a favourite, a payout account, what a cap counts, a device, and an order's money."""

    def __init__(self, world: World, member: str) -> None:
        me, sku, product = token(member), world.sku(stock=9), world.product(points=5, stock=1)
        for path, body in (
            (f"cart/items/{sku}", {"quantity": 2}),
            (f"favourites/{product['id']}", None),
            ("payout-account", PROVIDER),
        ):
            assert world.api.put(f"/v1/me/{path}", body, as_=me).status in (200, 201)
        self._rule = drafted(world)["id"]
        day = {"day": "2026-11-30", "day_used": 3, "month": "2026-11", "month_used": 5}
        CapItem(*CapItem.key(self._rule, member), **day, life=7, version=1).save()
        signs_in(member, new_key())
        self._month = month_of(clock.now(), config().time_zone)
        record_activity(member, self._month, "b", Sums(1_000, 1), clock.now())

    def of(self, member: str) -> tuple[Any, ...]:
        cap = CapItem.find(*CapItem.key(self._rule, member))
        sealed = find_payout_account(member).sealed
        return (
            {line.sku: line.quantity for line in find_cart(member).lines},
            [each["product_id"] for each in catalog.export_of(member)["favourites"]],
            opened(sealed, member) if sealed else None,
            (cap.day_used, cap.month_used, cap.life) if cap else None,
            uses_of(member, clock.now()).devices,
        )

    def counted(self, member: str) -> Sums | None:
        """What counts for the member's tier."""
        return find_standing(member).months.get(self._month)
