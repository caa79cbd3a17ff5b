"""Acts of risk on the scene's member: noted, assessed, cleared, confirmed."""

from __future__ import annotations

import contextlib
from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import NEVER, Cause, Credit, EntryExists
from chalicelib.risk.actions import cases, uses
from chalicelib.risk.queries import cases as queries
from tests.faults.scene import Scene
from tests.faults.staff_acts import act_of

# Others who sign in on the member's device: as many as make a review.
OTHERS = 8
WAITING = 50


def be_crowded(scene: Scene) -> None:
    for number in range(OTHERS):
        uses.note_use(_other(scene, number), _device(scene), None, scene.set_at)
    sign_in(scene)


def sign_in(scene: Scene) -> Any:
    uses.note_use(scene.member, _device(scene), "203.0.113.0/24", scene.set_at)
    return _device(scene)


def be_expected(scene: Scene) -> None:
    """Another one is on the device, of whom nothing new is known."""
    uses.note_use(_other(scene), _device(scene), None, scene.set_at)
    seen = queries.find_due(_other(scene))
    assert seen is not None
    uses.end_ask(seen, _other(scene))


def join(scene: Scene) -> Any:
    """The member signs in on the device; whether the other one is looked at again."""
    sign_in(scene)
    return queries.find_due(_other(scene)) is not None


def assess(scene: Scene) -> Any:
    case = cases.assess(scene.member, clock.now())
    assert case is not None
    return case.state, case.level, case.version


def be_reviewed(scene: Scene) -> None:
    be_crowded(scene)
    assess(scene)
    earn(scene)


def earn(scene: Scene) -> Any:
    """Points that the status of the account holds back."""
    account_id = ledger.points_account(scene.member)
    cause = Cause(scene.named("risk:earned"), "test", to_ms(scene.set_at))

    def write() -> None:
        writes = WriteSet()
        credit = Credit(WAITING, NEVER, cause)
        ledger.accrue(writes, ledger.find_account(account_id), [credit], clock.now())
        writes.commit()

    with contextlib.suppress(EntryExists):
        with_fresh_reads(write)
    return ledger.find_account(account_id).pending


def clear(scene: Scene) -> Any:
    act = act_of(scene, "risk-clear", "a family")
    case, _ = cases.clear(scene.member, act, clock.now())
    return case.state, case.level


def confirm(scene: Scene) -> Any:
    act = act_of(scene, "risk-confirm", "a farm")
    case, _ = cases.confirm(scene.member, act, clock.now())
    return case.state, case.level


def _other(scene: Scene, number: int = 0) -> str:
    return scene.named(f"mbr_other{number}")


def _device(scene: Scene) -> str:
    return scene.named("device")
