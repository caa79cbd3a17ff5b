"""Use cases with content: the act, the same with other content, and its refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib import ledger
from chalicelib.earning.errors import EventIdReused
from chalicelib.kernel import clock
from chalicelib.kernel.errors import IdempotencyKeyReused, JifenError
from chalicelib.ledger import HoldEnded
from tests.faults import acts, partner_acts
from tests.faults import scene as scenes
from tests.faults.scene import HOLD_TIME, Scene, cause, epoch

Act = Callable[[Scene], Any]


def _hold(scene: Scene) -> None:
    why, until = cause("", "81"), epoch(HOLD_TIME)
    ledger.place_hold(scene.account, f"{scene.hold_id}:other", 81, until, why, clock.now())


def _transfer(scene: Scene) -> None:
    why = cause(ledger.transfer_reference(scene.named("gift")), "121")
    ledger.transfer(scene.account, scene.friend_account, 121, why, clock.now())


def _transfer_to_escrow(scene: Scene) -> None:
    why = cause(ledger.transfer_reference(scene.named("other")), "131")
    ledger.transfer_to_escrow(scene.account, scene.identity, b"sealed", 131, why, clock.now())


def _place_order(scene: Scene) -> None:
    scenes.place(scene, "another", 4)


ACTS: dict[str, tuple[Act, Act, type[JifenError]]] = {
    "a hold": (acts.hold, _hold, IdempotencyKeyReused),
    "a transfer": (acts.transfer, _transfer, IdempotencyKeyReused),
    "an escrow": (acts.transfer_to_escrow, _transfer_to_escrow, IdempotencyKeyReused),
    "an order": (acts.place_order, _place_order, IdempotencyKeyReused),
    "an event": (partner_acts.pay, partner_acts.pay_otherwise, EventIdReused),
    "a capture": (acts.capture, acts.capture_part, HoldEnded),
    "a capture made a release": (acts.capture, acts.release, HoldEnded),
    "a release made a capture": (acts.release, acts.capture, HoldEnded),
}
