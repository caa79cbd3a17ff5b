"""An order ended twice at the same moment ends once; the slower act is told its state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.orders.actions import returning
from tests.api import Answer
from tests.orders.placed import Placed, to_review
from tests.world import World


def cancelled(world: World) -> tuple[Placed, Callable[[], Answer]]:
    order = Placed(world)
    return order, lambda: order.own("cancel")


def rejected(world: World) -> tuple[Placed, Callable[[], Answer]]:
    order = Placed(world)
    to_review(order)
    return order, lambda: order.staff("reject", {"reason": "x"})


@pytest.mark.parametrize("ended", [cancelled, rejected])
def test_an_act_that_ends_an_order_too_late_is_told_the_orders_state(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    ended: Callable[[World], tuple[Placed, Callable[[], Answer]]],
) -> None:
    order, end = ended(world)
    undo: Callable[..., Any] = returning.undo
    faster: list[int] = []

    def undo_late(*told: Any) -> Any:
        if not faster:
            # The inner act finds the list filled, and goes straight through.
            faster.append(0)
            faster.append(end().status)
        return undo(*told)

    monkeypatch.setattr(returning, "undo", undo_late)
    late = end()
    assert faster == [0, 200]
    assert (late.status, late.body["code"]) == (409, "not_allowed_in_this_state")
    assert order.left() == (1000, 10)
