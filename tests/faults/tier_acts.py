"""Acts on the tier of the scene's member: what counts for it, grants, and what time does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.tiers import queries
from chalicelib.tiers.actions.grants import grant_tier
from chalicelib.tiers.actions.reviews import review
from chalicelib.tiers.actions.standings import record_activity
from chalicelib.tiers.rules.standing import Grant, Sums
from tests.faults.scene import Scene
from tests.faults.staff_acts import act_of

# Beyond the term of a tier.
OVER = timedelta(days=400)


def lift(scene: Scene) -> Any:
    """An order of 5,000 yuan: gold by the ladder that is built in."""
    return _count(scene, "tier-order", 500_000)


def go_on(scene: Scene) -> Any:
    """An order that changes no tier."""
    return _count(scene, "tier-small-order", 100)


def undo(scene: Scene) -> Any:
    return _count(scene, "tier-refund", -450_000)


def grant(scene: Scene) -> Any:
    until = Grant("diamond", to_ms(scene.set_at + timedelta(days=30)))
    made, _ = grant_tier(scene.member, until, act_of(scene, "tier", "the first"), clock.now())
    return made.tier


def judge(scene: Scene) -> Any:
    """What time does to a standing whose term is over."""
    review(scene.member, clock.now())
    return queries.tier_of(scene.member)


def _count(scene: Scene, name: str, spend: int) -> Any:
    at = queries.moment(scene.set_at)
    record_activity(scene.member, at.month, scene.named(name), Sums(spend, 1), clock.now())
    return queries.tier_of(scene.member)
