"""The largest items that the mall may store, and their sizes."""

from __future__ import annotations

from typing import Any

from infra.bench.mall import LONG_TITLE
from infra.bench.write_units import Spent
from tests.api import new_key
from tests.world import World


def largest(spent: Spent) -> int:
    return max(line.size for line in spent.lines)


def full_of_lots(world: World, member: str) -> None:
    for days in range(13):
        world.give(member, 10**9 + days, days=30 * days + 30)


def long_product(world: World, **other: Any) -> str:
    sku = f"S-{new_key()}".ljust(32, "K")
    return str(
        world.product(
            title=LONG_TITLE,
            skus=[
                {"sku": sku, "specs": {"颜色": "红"}, **({} if "kind" in other else {"stock": 9})}
            ],
            **{"price": {"points": 10**9}, **other},
        )["skus"][0]["sku"]
    )
