"""Acts of the staff on the scene: adjustments, alone and by two people."""

from __future__ import annotations

from typing import Any

from chalicelib import ledger
from chalicelib.audit import Act, Actor
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.ledger import Adjustment
from chalicelib.ledger.actions import approve_adjustment, reject_adjustment
from chalicelib.ledger.rules.adjustments import WAITING
from tests.faults.scene import Scene

LARGE = 20_000


def adjust_by_hand(scene: Scene) -> Any:
    return _propose(scene, 90)


def propose(scene: Scene) -> Any:
    return _propose(scene, LARGE)


def approve(scene: Scene) -> Any:
    act = act_of(scene, "approve", "the second")
    made, _ = approve_adjustment(_id(scene, LARGE), act, clock.now())
    return made.status


def reject(scene: Scene) -> Any:
    made, _ = reject_adjustment(_id(scene, LARGE), act_of(scene, "reject", "the second"))
    return made.status


def _propose(scene: Scene, points: int) -> Any:
    asked = Adjustment(
        id=_id(scene, points),
        account_id=scene.account,
        points=points,
        expires_at=None,
        reason=b"sealed",
        author="the first",
        content=b"content",
        created_at_ms=to_ms(clock.now()),
        status=WAITING,
        needed_approval=False,
    )
    made, _ = ledger.propose_adjustment(asked, act_of(scene, f"adjust {points}", "the first"))
    return made.points, made.needed_approval


def _id(scene: Scene, points: int) -> str:
    return scene.named(f"adjustment-{points}")


def act_of(scene: Scene, name: str, who: str) -> Act:
    actor = Actor(who, frozenset({"ops"}), None, "request")
    return Act(
        scene.named(name),
        f"test.{name}",
        scene.member,
        actor,
        to_ms(clock.now()),
        content=b"content",
    )
