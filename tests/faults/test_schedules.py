"""Concurrent use cases have a serial outcome in every schedule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.races import race
from tests.faults.scene import Scene
from tests.faults.use_cases import USE_CASES

RACES = (
    "book x book the same seat",
    "book x close a slot",
    "reschedule x book the other slot",
    "use a voucher x use it again",
    "use a voucher x reschedule",
    "use a voucher x refund a booking",
    "reschedule x refund a booking",
    "miss x settle a missed booking",
    "redeem x redeem",
    "redeem x accrue",
    "redeem x transfer",
    "redeem x freeze",
    "redeem x claw back",
    "redeem after a lapse x lapse",
    "redeem after a lapse x time out after a lapse",
    "capture x release",
    "capture x time out",
    "capture a part x capture",
    "release x time out",
    "capture late x time out",
    "capture x claw back",
    "capture x lapse",
    "capture x freeze",
    "release x claw back",
    "release x lapse",
    "release x transfer",
    "time out x lapse",
    "time out x transfer",
    "time out x claw back",
    "time out after a lapse x lapse",
    "time out after a lapse x claw back",
    "hold x redeem",
    "hold x freeze",
    "hold x lapse",
    "transfer x transfer back",
    "transfer x freeze",
    "transfer x lapse",
    "transfer x capture",
    "transfer x claim",
    "claim x give back",
    "claim x claim",
    "give back x lapse",
    "give back x redeem",
    "transfer x claw back",
    "remind x redeem",
    "remind x freeze",
    "approve x approve",
    "approve x reject",
    "approve x redeem",
    "unlock x claw back pending",
    "unlock x unlock by an action",
    "unlock x lapse",
    "claw back x lapse",
    "reverse x claw back into debt",
    "reverse what has lapsed x lapse",
    "pay a debt x claw back pending",
    "adjust down x redeem",
    "place an order x place an order",
    "place an order x cancel an order",
    "cancel an order x cancel an order",
    "cancel an order x lapse",
    "order from the cart x put into the cart",
    "order from the cart x take out of the cart",
    "order from the cart x order from the cart",
    "put into the cart x take out of the cart",
    "give x transfer back",
    "pay x pay",
    "pay for nobody x pay for nobody",
    "register x register",
    "refund x refund",
    "refund x refund the rest",
    "refund x redeem",
    "refund what waits x complete",
    "refund what waits x unlock",
    "register x refund first",
    "pay x refund first",
    "complete x unlock",
    "capture x release x time out",
    "withdraw x withdraw again",
    "withdraw x freeze",
    "approve a withdrawal x reject a withdrawal",
    "approve a withdrawal x change the account",
    "sync a withdrawal x drop an approved one",
    "sync an unsent one x freeze",
    "sync one sent back x sync one sent back",
    "export x freeze",
    "mark paid x mark failed",
    "mark returned x mark returned",
)


@pytest.mark.parametrize("names", RACES)
def test_concurrent_use_cases_end_like_serial_ones(
    names: str, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    raced = race([USE_CASES[name] for name in names.split(" x ")], scene)
    counted("schedules", raced.name, raced.schedules)
    assert raced.schedules > 1, "they never meet"
    assert raced.failures == []
