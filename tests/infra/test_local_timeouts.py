"""The local stack gives each function the time that Lambda gives it."""

from __future__ import annotations

from infra.local.template import load
from infra.local.timeouts import TimeOuts
from tests.infra.templates import Packaged

# Seconds of the functions that walk many items.
LONG = {
    "sweep_payments": 300, "sweep_withdrawals": 300, "sweep_orders": 300, "sweep_holds": 300,
    "sweep_refunds": 300, "sweep_referrals": 300, "sweep_campaigns": 300, "sweep_coupons": 300,
    "review_tiers": 300,
    "expire_points": 900, "remind_expiry": 900, "close_days": 900, "settle_day": 900,
    "rebuild_settlements": 900, "reconcile_day": 900, "verify_segments": 300, "replay_events": 300,
    "answer_requests": 900,
}  # fmt: skip


def test_each_local_function_has_its_packaged_timeout(dev: Packaged) -> None:
    timeouts = TimeOuts(load())
    packaged = {
        str(function["Handler"]).rpartition(".")[2]: function["Timeout"]
        for function in dev.functions.values()
    }
    packaged["api_handler"] = dev.functions["APIHandler"]["Timeout"]
    packaged.pop("app")
    assert {name: timeouts.of(name) for name in packaged} == packaged
    assert {name: packaged[name] for name in LONG} == LONG
