"""Acts on returns of the scene's delivered goods, which were paid on delivery."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.orders.actions import refunds, return_sweeps, returns
from chalicelib.orders.actions.returns import ReturnAsked
from chalicelib.orders.queries.returns import get_return
from chalicelib.orders.rules.returns import EXCHANGE, REFUND_ONLY, RETURN, Return
from tests.faults import payment_states as states
from tests.faults.payment_acts import act_as, audited, digest, goods
from tests.faults.scene import Scene

# After the end of each state's time.
DECISION, SENDING = timedelta(days=3, hours=1), timedelta(days=7, hours=1)
RECEIPT, FINISH = timedelta(days=10, hours=1), timedelta(days=7, hours=1)
TO = "南京东路 1 号"


def _told(done: tuple[Return, bool]) -> Any:
    made, _ = done
    return made.status, made.kind, made.points, made.cash, len(made.refunds)


def _ask(scene: Scene, name: str, kind: str, quantity: int) -> Any:
    asked = ReturnAsked(goods(scene), scene.payer, kind, {scene.goods: quantity}, "漏水")
    content = digest(scene, f"{name} content")
    return _told(returns.request_return(asked, _id(scene, name), content, clock.now()))


def ask(scene: Scene) -> Any:
    return _ask(scene, "one", RETURN, 1)


def ask_for_all(scene: Scene) -> Any:
    return _ask(scene, "all", RETURN, 2)


def ask_for_exchange(scene: Scene) -> Any:
    return _ask(scene, "one", EXCHANGE, 1)


def ask_for_two(scene: Scene) -> Any:
    return _ask(scene, "one", RETURN, 2)


def ask_for_refund(scene: Scene) -> Any:
    return _ask(scene, "one", REFUND_ONLY, 1)


def approve(scene: Scene) -> Any:
    act, told = act_as(scene, "approve", "staff"), audited(scene, "approve return")
    comes_back = get_return(_id(scene, "one")).comes_back
    return _told(returns.approve(_id(scene, "one"), act, TO if comes_back else None, told))


def reject(scene: Scene) -> Any:
    act, told = act_as(scene, "reject", "staff"), audited(scene, "reject return")
    return _told(returns.reject(_id(scene, "one"), act, told))


def withdraw(scene: Scene) -> Any:
    act = act_as(scene, "withdraw", "member")
    return _told(returns.withdraw(_id(scene, "one"), act, scene.payer))


def send(scene: Scene) -> Any:
    act = act_as(scene, "send", "member")
    return _told(returns.send(_id(scene, "one"), act, scene.payer, "SF", "SF777"))


def receive(scene: Scene) -> Any:
    return _receive(scene, "receive", {})


def receive_some(scene: Scene) -> Any:
    return _receive(scene, "receive some", {scene.goods: 1})


def _receive(scene: Scene, name: str, came: dict[str, int]) -> Any:
    act, told = act_as(scene, name, "staff"), audited(scene, name)
    return _told(returns.receive(_id(scene, "one"), act, came, restock=True, audited=told))


def ship(scene: Scene) -> Any:
    act, told = act_as(scene, "ship replacement", "staff"), audited(scene, "ship replacement")
    return _told(returns.ship(_id(scene, "one"), act, "SF", "SF888", told))


def end_time(scene: Scene) -> Any:
    """The state after the sweep: a retry cannot know which run moved it."""
    return_sweeps.end_time(_id(scene, "one"), to_ms(clock.now()))
    return get_return(_id(scene, "one")).status


def refund_one(scene: Scene) -> Any:
    """The staff refunds a unit of the goods beside the returns."""
    refund_id, act = f"rfd_{scene.named('beside')}", act_as(scene, "refund beside", "staff")
    order, _ = refunds.refund(
        goods(scene), {scene.goods: 1}, refund_id, act, audited(scene, "refund beside")
    )
    return next(made.points for made in order.refunds if made.id == refund_id)


def be_asked(scene: Scene) -> None:
    states.be_delivered(scene)
    ask(scene)


def be_asked_for_exchange(scene: Scene) -> None:
    states.be_delivered(scene)
    ask_for_exchange(scene)


def be_asked_for_refund(scene: Scene) -> None:
    states.be_delivered(scene)
    ask_for_refund(scene)


def be_approved(scene: Scene) -> None:
    be_asked(scene)
    approve(scene)


def be_approved_for_exchange(scene: Scene) -> None:
    be_asked_for_exchange(scene)
    approve(scene)


def be_sent(scene: Scene) -> None:
    be_approved(scene)
    send(scene)


def be_two_sent(scene: Scene) -> None:
    states.be_delivered(scene)
    ask_for_two(scene)
    approve(scene)
    send(scene)


def be_sent_for_exchange(scene: Scene) -> None:
    be_approved_for_exchange(scene)
    send(scene)


def be_exchanging(scene: Scene) -> None:
    be_sent_for_exchange(scene)
    receive(scene)


def _id(scene: Scene, name: str) -> str:
    return f"ret_{scene.named(name)}"
