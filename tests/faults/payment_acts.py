"""Acts on the cash of the scene's orders: by members, staff, the provider, sweeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib import audit, ledger, payments
from chalicelib.audit import Actor
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.actions import acts, refunds, sweeping, sync
from chalicelib.orders.actions.returning import cash_of
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import Order, OrderAct
from chalicelib.payments.actions.carriers import remit_cash
from chalicelib.payments.actions.failed_refunds import refund_by_hand, retry_refund, waive_refund
from chalicelib.payments.actions.webhooks import record_webhook
from chalicelib.payments.queries.payments import find_payment
from chalicelib.payments.rules.webhooks import Webhook
from tests.faults.provider import THERE
from tests.faults.scene import Scene, buy, cause, on_account
from tests.faults.wire import ask_provider

# When the time to pay is over.
LATER = timedelta(minutes=30)
# The rest of a payment, in minor units, when it is less than a refund.
LITTLE = 100


def place(scene: Scene) -> Any:
    return buy(scene, _order(scene, "another"), scene.service, 2)


def start(scene: Scene) -> Any:
    return _start(scene, "card", "start")


def start_otherwise(scene: Scene) -> Any:
    return _start(scene, "alipay", "otherwise")


def _start(scene: Scene, method: payments.Method, name: str) -> Any:
    order = get_order(scene.unpaid)
    intent, _ = payments.start_payment(
        order.id,
        cash_of(order, order.cash),
        "card",
        method,
        digest(scene, name),
        digest(scene, method),
        clock.now(),
    )
    return intent.id, intent.method


def cancel(scene: Scene) -> Any:
    return act_on(scene, scene.unpaid, "cancel", "member")


def cancel_reviewed(scene: Scene) -> Any:
    return act_on(scene, goods(scene), "cancel", "member")


def spend(scene: Scene) -> Any:
    """Redeem elsewhere all that is available."""
    why = cause(scene.named("elsewhere"))
    entry = on_account(
        scene.purse, why.reference, lambda w, seen: ledger.redeem(w, seen, 3300, why, clock.now())
    )
    return entry.points


def sync_order(scene: Scene) -> Any:
    return _told(sync.sync_order(scene.unpaid, clock.now()))


def learn_to_bank(scene: Scene) -> Any:
    (made,) = (each for each in THERE.payouts if each.startswith("po_"))
    payments.sync_payout(made, clock.now())


def tell(scene: Scene) -> None:
    """Receive a webhook."""
    record_webhook(
        Webhook(
            "evt_1",
            "payment_intent.succeeded",
            "f" * 32,
            intent_of(scene),
            intent_of(scene),
            None,
            0,
            to_ms(clock.now()),
        )
    )


def win_and_sync(scene: Scene) -> Any:
    """The provider ends a dispute, and the order is synced."""
    dispute = charge_of(scene).disputes[0].id
    if charge_of(scene).disputes[0].status == "open":
        ask_provider("win", intent_of(scene), (intent_of(scene), dispute), changes=True)
    return sync_order(scene)


def fail_refund_and_sync(scene: Scene) -> Any:
    refund = charge_of(scene).refunds[0]
    if refund.failure is None:
        ask_provider("fail_refund", intent_of(scene), (intent_of(scene), refund.id), changes=True)
    return sync_order(scene)


def time_out(scene: Scene) -> Any:
    """The answer is the same for a retry, which cannot know who cancelled it."""
    sweeping.time_out(scene.unpaid, clock.now(), [])
    return _told(get_order(scene.unpaid))


def sweep(scene: Scene) -> None:
    try:
        sweeping.sweep_payments(clock.now())
    except ExceptionGroup as failed:
        raise Unavailable() from failed


def send(scene: Scene) -> Any:
    """Send the first refund of the order."""
    made = payments.send_refund(scene.unpaid, _refund_id(scene, "part"), clock.now())
    return made and (made.status, made.failure)


def refund_part(scene: Scene) -> Any:
    return _refund(scene, "part", {scene.service: 1})


def refund_another(scene: Scene) -> Any:
    return _refund(scene, "another part", {scene.service: 1})


def refund_two(scene: Scene) -> Any:
    return _refund(scene, "two", {scene.service: 2})


def refund_rest(scene: Scene) -> Any:
    return _refund(scene, "rest", {})


def _refund(scene: Scene, name: str, quantities: dict[str, int]) -> Any:
    refund_id = _refund_id(scene, name)
    act = act_as(scene, f"refund {name}", "staff")
    order, _ = refunds.refund(
        scene.unpaid, quantities, refund_id, act, audited(scene, f"refund {name}")
    )
    return next((made.points, made.cash) for made in order.refunds if made.id == refund_id)


def retry(scene: Scene) -> Any:
    made, _ = retry_refund(
        scene.unpaid,
        _refund_id(scene, "part"),
        _refund_id(scene, "again"),
        audited(scene, "retry"),
        clock.now(),
    )
    return made.id


def give_by_hand(scene: Scene) -> Any:
    return _give_by_hand(scene, None)


def give_left_by_hand(scene: Scene) -> Any:
    return _give_by_hand(scene, LITTLE)


def _give_by_hand(scene: Scene, paid: int | None) -> Any:
    made, _ = refund_by_hand(
        scene.unpaid, _refund_id(scene, "part"), "B1", paid, audited(scene, "by hand"), clock.now()
    )
    return made.status, made.amount.amount


def waive(scene: Scene) -> Any:
    made, _ = waive_refund(
        scene.unpaid, _refund_id(scene, "part"), audited(scene, "waive"), clock.now()
    )
    return made.status, made.failure


def reject(scene: Scene) -> Any:
    return act_on(scene, goods(scene), "reject", "staff")


def deliver(scene: Scene) -> Any:
    return act_on(scene, goods(scene), "deliver", "staff")


def use(scene: Scene) -> Any:
    return act_on(scene, scene.unpaid, "use", "staff")


def remit(scene: Scene) -> Any:
    amount, _ = remit_cash([goods(scene)], audited(scene, "remit"), clock.now())
    return amount


def come_back(scene: Scene) -> Any:
    order, _ = refunds.return_to_sender(
        goods(scene),
        _refund_id(scene, "back"),
        act_as(scene, "come_back", "staff"),
        audited(scene, "come back"),
    )
    return order.paid, order.points_refunded


def goods(scene: Scene) -> str:
    return _order(scene, "goods")


def _order(scene: Scene, name: str) -> str:
    return f"ord_{scene.named(name)}"


def _refund_id(scene: Scene, name: str) -> str:
    return f"rfd_{scene.named(name)}"


def intent_of(scene: Scene) -> str:
    payment = find_payment(scene.unpaid)
    assert payment is not None
    return payment.intent_id


def charge_of(scene: Scene) -> payments.ProviderCharge:
    charge = THERE.intents[f"pi_pay_{scene.named('unpaid')}"].charge
    assert charge is not None
    return charge


def _told(order: Order) -> Any:
    return order.status, order.paid is not None, order.declined, order.disputed


def act_on(scene: Scene, order_id: str, name: str, by: str) -> Any:
    order, _ = acts.act_on(order_id, act_as(scene, name, by))
    return order.status


def act_as(scene: Scene, name: str, by: str) -> OrderAct:
    key = digest(scene, f"{by} {name}")
    return OrderAct(name.partition(" ")[0], by, scene.payer, to_ms(clock.now()), key=key)


def audited(scene: Scene, name: str) -> audit.Act:
    actor = Actor("mbr_finance", frozenset({"finance"}), None, "request")
    return audit.Act(
        scene.named(name),
        f"test.{name}",
        scene.payer,
        actor,
        to_ms(clock.now()),
        content=b"content",
    )


def digest(scene: Scene, name: str) -> bytes:
    return ids.digest(scene.named(name).encode())
