"""Acts on coupons that fail at any request and are retried have one effect."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults import coupon_acts as acts
from tests.faults.crashes import run_matrix
from tests.faults.scene import ESCROW_TIME, Scene
from tests.faults.use_cases import UseCase

CASES = (
    UseCase("claim a coupon", acts.claim, arrange=acts.be_offered),
    UseCase("claim a coupon for points", acts.claim, arrange=acts.be_sold),
    UseCase("grant a coupon", acts.grant, arrange=acts.be_offered),
    UseCase("redeem a code", acts.redeem_code, arrange=acts.be_coded),
    UseCase("reserve a coupon", acts.reserve, arrange=acts.be_given),
    UseCase("use a coupon", acts.use, arrange=acts.be_reserved),
    UseCase("give a coupon back", acts.give_back, arrange=acts.be_reserved),
    UseCase("give a coupon away", acts.transfer, arrange=acts.be_given),
    UseCase("give a coupon to nobody yet", acts.transfer_to_nobody, arrange=acts.be_given),
    UseCase("receive a coupon", acts.receive, arrange=acts.be_sent),
    UseCase("return a coupon", acts.return_gift, ESCROW_TIME, arrange=acts.be_sent),
    UseCase("reserve a coupon in a shop", acts.reserve_in_shop, arrange=acts.be_given),
    UseCase("redeem a coupon in a shop", acts.redeem_in_shop, arrange=acts.be_held_by_a_shop),
    UseCase("time a shop out", acts.time_out, acts.LATE, arrange=acts.be_held_by_a_shop),
    UseCase("let a coupon lapse", acts.lapse, acts.LAPSED, arrange=acts.be_given),
    UseCase("merge a member's coupons", acts.merge, arrange=acts.be_given),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_act_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []
