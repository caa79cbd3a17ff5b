"""Arrangements of the cash of the scene's order before a use case."""

from __future__ import annotations

import pytest

from chalicelib import payments
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.actions import parcels, sync
from chalicelib.orders.actions.returning import cash_of
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import Parcel
from tests.faults import payment_acts as acts
from tests.faults.provider import THERE
from tests.faults.scene import Scene, buy


def be_started(scene: Scene) -> None:
    acts.start(scene)


def be_unrecorded(scene: Scene) -> None:
    """A payment with another method was started, and its answer was lost."""
    THERE.answers_lost = 1
    with pytest.raises(Unavailable):
        acts.start_otherwise(scene)


def be_declined(scene: Scene) -> None:
    acts.start(scene)
    THERE.decline(acts.intent_of(scene))


def be_paid_there(scene: Scene) -> None:
    """The provider has the money; the order is not synced yet."""
    acts.start(scene)
    if THERE.intents[acts.intent_of(scene)].status == "open":
        THERE.pay(acts.intent_of(scene))


def be_paid(scene: Scene) -> None:
    be_paid_there(scene)
    acts.sync_order(scene)


def be_cancelled(scene: Scene) -> None:
    acts.start(scene)
    acts.cancel(scene)


def be_paid_late(scene: Scene) -> None:
    be_cancelled(scene)
    THERE.pay(acts.intent_of(scene))


def be_refunded(scene: Scene) -> None:
    """A partial refund is due."""
    be_paid(scene)
    acts.refund_part(scene)


def be_refused(scene: Scene) -> None:
    be_refunded(scene)
    THERE.refuse_refunds = "charge_disputed"


def be_sent(scene: Scene) -> None:
    be_refunded(scene)
    acts.send(scene)


def be_pending(scene: Scene) -> None:
    """The refund is pending at the provider."""
    be_refunded(scene)
    THERE.refunds_pend = True
    acts.send(scene)


def be_finished(scene: Scene) -> None:
    be_pending(scene)
    THERE.finish_refund(acts.intent_of(scene), acts.charge_of(scene).refunds[0].id)


def be_sent_back(scene: Scene) -> None:
    """The bank returned the refund; the order is not synced yet."""
    be_sent(scene)
    if acts.charge_of(scene).refunds[0].failure is None:
        THERE.fail_refund(acts.intent_of(scene), acts.charge_of(scene).refunds[0].id)


def be_failed(scene: Scene) -> None:
    be_sent_back(scene)
    acts.sync_order(scene)


def be_refunded_there(scene: Scene) -> None:
    """A part was refunded externally; the order is not synced yet."""
    be_paid(scene)
    if not acts.charge_of(scene).refunds:
        THERE.refund_by_hand(acts.intent_of(scene), 500)


def be_displaced(scene: Scene) -> None:
    """An external refund cut a refund of units, and has failed."""
    be_refunded_there(scene)
    acts.sync_order(scene)
    acts.refund_rest(scene)
    there = acts.charge_of(scene).refunds[0]
    if there.failure is None:
        THERE.fail_refund(acts.intent_of(scene), there.id)


def be_too_large(scene: Scene) -> None:
    """A part is owed of which somebody has left but a little at the provider, which refuses it; now
    we have heard of that."""
    be_refunded(scene)
    if not acts.charge_of(scene).refunds:
        amount = acts.charge_of(scene).amount.amount - acts.LITTLE
        THERE.refund_by_hand(acts.intent_of(scene), amount)
    acts.send(scene)
    acts.sync_order(scene)


def be_late_and_refunded_there(scene: Scene) -> None:
    be_paid_late(scene)
    THERE.refund_by_hand(acts.intent_of(scene), 500)


def be_late_and_failed_there(scene: Scene) -> None:
    be_late_and_refunded_there(scene)
    acts.sync_order(scene)
    THERE.fail_refund(acts.intent_of(scene), acts.charge_of(scene).refunds[0].id)


def be_disputed_there(scene: Scene) -> None:
    be_paid(scene)
    if not acts.charge_of(scene).disputes:
        THERE.dispute(acts.intent_of(scene))


def be_disputed(scene: Scene) -> None:
    be_disputed_there(scene)
    acts.sync_order(scene)


def be_won(scene: Scene) -> None:
    be_disputed(scene)
    THERE.win(acts.intent_of(scene), acts.charge_of(scene).disputes[0].id)


def be_lost(scene: Scene) -> None:
    be_disputed(scene)
    THERE.lose(acts.intent_of(scene), acts.charge_of(scene).disputes[0].id)


def be_sent_to_bank(scene: Scene) -> None:
    be_paid(scene)
    THERE.pay_to_bank(10_000)


def be_reviewed(scene: Scene) -> None:
    """Goods are paid and wait for a review."""
    order_id = acts.goods(scene)
    buy(scene, order_id, scene.goods, 2)
    order, key = get_order(order_id), acts.digest(scene, "goods")
    intent, _ = payments.start_payment(
        order_id, cash_of(order, order.cash), "card", "card", key, key, clock.now()
    )
    THERE.pay(intent.id)
    sync.sync_order(order_id, clock.now())


def be_in_review(scene: Scene) -> None:
    be_reviewed(scene)
    acts.act_on(scene, acts.goods(scene), "take", "staff")


def be_on_the_way(scene: Scene) -> None:
    """Goods that are paid on delivery are in a parcel."""
    buy(scene, acts.goods(scene), scene.goods, 2, "cod")
    for name in ("take", "approve"):
        acts.act_on(scene, acts.goods(scene), name, "staff")
    parcels.ship(acts.goods(scene), acts.act_as(scene, "ship", "staff"), Parcel("SF", "1", {}))


def be_delivered(scene: Scene) -> None:
    be_on_the_way(scene)
    acts.deliver(scene)
