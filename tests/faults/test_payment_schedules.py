"""Concurrent use cases of an order's cash have a serial outcome in every schedule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.payment_cases import PAYMENT_USE_CASES, SWEEP
from tests.faults.races import race
from tests.faults.scene import Scene
from tests.faults.use_cases import USE_CASES

RACES = (
    "pay x pay",
    "pay x redeem what is left",
    "learn it late x learn it late",
    "cancel unpaid x pay",
    "time out unpaid x cancel unpaid",
    "time out paid x pay",
    "start payment x cancel unstarted",
    "start payment x start payment otherwise",
    "refund a part x refund another part",
    "refund two parts x refund another part",
    "refund a part x dispute",
    "use it x dispute",
    "use it x refund a part",
    "hand out x hand out",
    "hand out x refund a voucher",
    "hand out x refund all vouchers",
    "refund a voucher x refund two vouchers",
    "dispute x win it there",
    "send refund x send refund",
    "send refused x send refused",
    "send refund x refund succeeds",
    "refund succeeds x fail what succeeds",
    "send refund x sweep payments",
    "retry refund x refund by hand",
    "waive refund x refund by hand",
    "retry what is left x give what is left",
    "learn what failed there x learn what failed there",
    "retry what is left x fail what took it",
    "give what is left x fail what took it",
    "waive what is left x fail what took it",
    "remit x remit",
    "remit x come back uncollected",
    "deliver what is unpaid x come back unpaid",
    "be told x be told",
    "ask for one sent x come back",
)
# Those with thousands of schedules, or that take long: some of them, by dice.
MANY = (
    "pay x cancel unpaid x time out paid",
    "sync a withdrawal x sync a withdrawal",
    "sync one back in parts x sync one back in parts",
    "sync a withdrawal x sweep withdrawals",
)
CASES = USE_CASES | PAYMENT_USE_CASES | {SWEEP.name: SWEEP}


@pytest.mark.parametrize("names", RACES)
def test_concurrent_cash_use_cases_end_like_serial_ones(
    names: str, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    raced = race([CASES[name] for name in names.split(" x ")], scene)
    counted("schedules", raced.name, raced.schedules)
    assert raced.schedules > 1, "they never meet"
    assert raced.failures == []


@pytest.mark.parametrize("names", MANY)
def test_sampled_schedules_of_long_cash_use_cases_end_like_serial_ones(
    names: str, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    raced = race([CASES[name] for name in names.split(" x ")], scene, sampled=15)
    counted("schedules", raced.name, raced.schedules)
    assert raced.failures == []
