"""Purchases for tests."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chalicelib.campaigns.rules.purchases import PAID, Bought, Purchase
from chalicelib.kernel import ids


def bought(**changes: Any) -> Purchase:
    line = Bought("CUP", "prd_unknown", 2, 2, points=800, cash=1980)
    made = Purchase(
        order_id=ids.new_id("ord"),
        member_id=ids.new_id("mbr"),
        version=2,
        at_ms=1_795_248_000_000,
        state=PAID,
        kind="physical",
        lines=(line,),
        points=800,
        cash=1980,
    )
    return replace(made, **changes)
