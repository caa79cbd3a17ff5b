"""Acts of missions, rewards and triggers on the scene: reached, claimed, undone, closed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib.campaigns.actions import mission_claims, rewards
from chalicelib.campaigns.actions.mission_claims import Asked
from chalicelib.campaigns.actions.progress import Owed, count_missions, settle
from chalicelib.campaigns.actions.purchases import record_purchase
from chalicelib.campaigns.queries.missions import find_progress
from chalicelib.campaigns.queries.rewards import find_promise
from chalicelib.campaigns.rules.missions import LIVE, Goal, Mission, MissionTitle
from chalicelib.campaigns.rules.purchases import PAID, UNDONE, Bought, Purchase
from chalicelib.campaigns.rules.rewards import Reward
from chalicelib.campaigns.tables.missions import CountingItem, MissionItem
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import to_ms
from tests.faults.scene import Scene

CLOSED = timedelta(days=32)
ENDLESS = 2**52


def _mission(scene: Scene, *, is_claimed: bool) -> Mission:
    return Mission(
        id=ids.derived_id("mis", "faults", scene.key),
        version=2,
        status=LIVE,
        title=MissionTitle("一单", "An order"),
        goal=Goal("orders", 1),
        reward=Reward("points", 70),
        is_claimed=is_claimed,
        takers=5,
        until_ms=ENDLESS,
        published_ms=1,
    )


def _purchase(scene: Scene, version: int = 1) -> Purchase:
    state = PAID if version == 1 else UNDONE
    return Purchase(
        order_id=ids.derived_id("ord", "faults", scene.key),
        member_id=scene.member,
        version=version,
        at_ms=to_ms(scene.set_at),
        state=state,
        kind="physical",
        lines=(Bought("CUP", "prd_unknown", 1, 1, points=5),),
        points=5,
    )


def be_offered(scene: Scene) -> None:
    _offer(scene, is_claimed=False)


def _offer(scene: Scene, *, is_claimed: bool) -> None:
    mission = _mission(scene, is_claimed=is_claimed)
    MissionItem.of(mission, b"0" * 12).save()
    CountingItem.of((mission,), 1).save()


def reach(scene: Scene) -> Any:
    return _hear(scene, _purchase(scene))


def be_reached(scene: Scene) -> None:
    be_offered(scene)
    reach(scene)


def refund(scene: Scene) -> Any:
    return _hear(scene, _purchase(scene, 2))


def _hear(scene: Scene, purchase: Purchase) -> Any:
    """As the queue does it; what a crash leaves unpaid is paid by the sweep."""
    owed, now = Owed(), clock.now()
    record_purchase(purchase, [partial(count_missions, owed, now)])
    settle(owed, now)
    mission_id = ids.derived_id("mis", "faults", scene.key)
    rewards.settle(scene.member, f"mission:{mission_id}:fixed", now)
    return _standing(scene)


def _standing(scene: Scene) -> Any:
    mission_id = ids.derived_id("mis", "faults", scene.key)
    progress = find_progress(scene.member, mission_id, "fixed")
    promise = find_promise(scene.member, f"mission:{mission_id}:fixed")
    return progress and progress.value, promise and (promise.amount, promise.paid)


def be_claimable(scene: Scene) -> None:
    _offer(scene, is_claimed=True)
    reach(scene)


def claim(scene: Scene) -> Any:
    mission_id = ids.derived_id("mis", "faults", scene.key)
    claim_id = ids.derived_id("mcl", "faults", scene.key)
    asked = Asked(claim_id, b"0" * 12, scene.member, mission_id, None)
    mission_claims.claim(asked, clock.now())
    rewards.settle(scene.member, f"mission:{mission_id}:fixed", clock.now())
    return _standing(scene)


def be_promised(scene: Scene) -> None:
    reward = Reward("points", 90, when="month")
    rewards.pay(reward, scene.member, "monthly", clock.now(), source="mission:mis_1")


def close(scene: Scene) -> Any:
    """The closing run, of this member alone: others' rewards are of other scenes."""
    rewards.settle(scene.member, "monthly", clock.now())
    promise = find_promise(scene.member, "monthly")
    return promise and (promise.amount, promise.paid)


def be_closed(scene: Scene) -> None:
    rewards.pay(Reward("points", 90), scene.member, "monthly", clock.now(), source="mission:mis_1")


def undo(scene: Scene) -> Any:
    rewards.undo(scene.member, "monthly", clock.now())
    return close(scene)
