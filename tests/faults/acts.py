"""Acts on the scene, each under its own key: a repeated act is a retry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import Entry
from chalicelib.ledger.actions import movements
from chalicelib.ledger.actions.reminders import mark_reminded
from chalicelib.ledger.rules import GROWTH
from chalicelib.orders.actions.acts import act_on
from chalicelib.orders.rules import OrderAct
from tests.faults import scene as scenes
from tests.faults.scene import (
    HOLD_TIME,
    LATE,
    PENDING_TIME,
    Scene,
    cause,
    epoch,
    on_account,
)

Told = tuple[str, int, str] | None


def told(entry: Entry | None) -> Told:
    return (entry.type, entry.points, entry.reference) if entry else None


def accrue(scene: Scene) -> Told:
    return told(scenes.accrue(scene.account, 70, scene.named("accrual"), LATE))


def accrue_pending(scene: Scene) -> Told:
    return told(scenes.accrue(scene.account, 70, scene.named("waiting"), LATE, PENDING_TIME))


def accrue_growth(scene: Scene) -> Told:
    return told(scenes.accrue(growth(scene), 70, scene.named("growth"), LATE))


def growth(scene: Scene) -> str:
    return ledger.account_of(scene.member, GROWTH)


def redeem(scene: Scene) -> Told:
    return _redeem(scene, 850)


def redeem_less(scene: Scene) -> Told:
    return _redeem(scene, 500)


def _redeem(scene: Scene, points: int) -> Told:
    why = cause(scene.named("redemption"))
    return told(
        on_account(
            scene.account,
            why.reference,
            lambda w, seen: ledger.redeem(w, seen, points, why, clock.now()),
        )
    )


def reverse(scene: Scene) -> Told:
    undone = ledger.find_entry(scene.account, f"order:{scene.order_id}")
    assert undone is not None
    reference = ledger.reversal_of(undone.reference)
    return told(
        on_account(
            scene.account,
            reference,
            lambda w, seen: ledger.reverse(w, seen, undone, cause(reference), clock.now()),
        )
    )


def adjust_up(scene: Scene) -> Told:
    return _adjust(scene.account, 90, scene.named("up"))


def adjust_down(scene: Scene) -> Told:
    return _adjust(scene.account, -90, scene.named("down"))


def adjust_growth_down(scene: Scene) -> Told:
    accrue_growth(scene)
    return _adjust(growth(scene), -60, scene.named("down"))


def _adjust(account_id: str, points: int, name: str) -> Told:
    why = cause(f"adjustment:{name}")
    return told(
        on_account(
            account_id,
            why.reference,
            lambda w, seen: movements.adjust(w, seen, points, epoch(LATE), why, clock.now()),
        )
    )


def claw_back(scene: Scene) -> Told:
    return _claw_back(scene.account, scene.named("early"), 400)


def claw_back_pending(scene: Scene) -> Told:
    return _claw_back(scene.account, scene.named("pending"), 30)


def claw_back_growth(scene: Scene) -> Told:
    return _claw_back(growth(scene), scene.named("growth"), 50)


def fall_into_debt(scene: Scene) -> Told:
    redeem(scene)
    return claw_back(scene)


def _claw_back(account_id: str, reference: str, points: int) -> Told:
    why = cause(f"order_refunded:{reference}:1")

    def add(writes: WriteSet, seen: ledger.Account) -> None:
        accrual = ledger.find_entry(account_id, reference)
        assert accrual is not None
        movements.claw_back(writes, seen, accrual, points, why, clock.now())

    return told(on_account(account_id, why.reference, add))


def unlock(scene: Scene) -> Told:
    return told(ledger.unlock(scene.account, scene.named("pending"), clock.now()))


def unlock_other(scene: Scene) -> Told:
    return told(ledger.unlock(scene.account, scene.named("waiting"), clock.now()))


def unlock_early(scene: Scene) -> Told:
    return told(ledger.unlock(scene.account, scene.named("pending"), clock.now(), early=True))


def lapse(scene: Scene) -> None:
    ledger.expire(scene.account, clock.now())


def hold(scene: Scene) -> Any:
    hold_id = f"{scene.hold_id}:other"
    why, until = cause("", "80"), epoch(HOLD_TIME)
    held, _ = ledger.place_hold(scene.account, hold_id, 80, until, why, clock.now())
    return held.hold.id, held.hold.points


def capture(scene: Scene) -> Any:
    return _status(ledger.capture_hold(scene.hold_id, None, clock.now()))


def capture_part(scene: Scene) -> Any:
    return _status(ledger.capture_hold(scene.hold_id, 30, clock.now()))


def release(scene: Scene) -> Any:
    return _status(ledger.release_hold(scene.hold_id, clock.now()))


def _status(answer: tuple[ledger.Held, bool]) -> Any:
    held, _ = answer
    return held.status, held.captured, told(held.end)


def time_out(scene: Scene) -> None:
    ledger.time_out_hold(scene.hold_id, clock.now())


def time_out_other(scene: Scene) -> None:
    ledger.time_out_hold(f"{scene.hold_id}:other", clock.now())


def transfer(scene: Scene) -> Told:
    why = cause(ledger.transfer_reference(scene.named("gift")), "120")
    made = ledger.transfer(scene.account, scene.friend_account, 120, why, clock.now())
    return told(made[0])


def transfer_back(scene: Scene) -> Told:
    why = cause(ledger.transfer_reference(scene.named("return")), "250")
    made = ledger.transfer(scene.friend_account, scene.account, 250, why, clock.now())
    return told(made[0])


def transfer_to_escrow(scene: Scene) -> Told:
    why = cause(ledger.transfer_reference(scene.named("other")), "130")
    made = ledger.transfer_to_escrow(
        scene.account, scene.identity, b"sealed", 130, why, clock.now()
    )
    return told(made[0])


def claim(scene: Scene) -> None:
    for escrow in ledger.escrows_of(scene.identity):
        ledger.claim_gift(escrow, scene.friend_account, clock.now())


def give_back(scene: Scene) -> None:
    for escrow in ledger.escrows_of(scene.identity):
        ledger.return_gift(escrow, clock.now())


def freeze(scene: Scene) -> None:
    def write() -> None:
        writes = WriteSet()
        ledger.set_status(writes, scene.member, ledger.FROZEN, clock.now())
        if len(writes):
            writes.commit()

    with_fresh_reads(write)


def remind(scene: Scene) -> None:
    until_s = epoch(timedelta())
    with_fresh_reads(lambda: mark_reminded(ledger.find_account(scene.account), until_s))


def place_order(scene: Scene) -> str:
    return scenes.place(scene, "another", 3)


def cancel_order(scene: Scene) -> str:
    act = OrderAct(
        "cancel",
        "member",
        scene.member,
        clock.to_ms(clock.now()),
        key=ids.digest(scene.key.encode()),
    )
    order, _ = act_on(scene.order_id, act)
    return order.status
