"""Our entries pair with Stripe's own books for every payment method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from msgspec.structs import replace

from chalicelib.finance.rules.reconciliation import reconcile
from chalicelib.kernel.money import Money
from chalicelib.payments.rules.entries import (
    charge_entry,
    dispute_entries,
    payout_entries,
    refund_entries,
)
from chalicelib.payments.rules.gateway import Gateway, Method
from chalicelib.payments.rules.journal import PROVIDER, SALES, CashEntry
from tests.stripe_wire.conftest import Wire
from tests.stripe_wire.times import later_ms

METHODS: tuple[Method, ...] = ("card", "alipay", "wechat_pay")


def _business(wire: Wire, random: Random) -> tuple[list[str], list[str]]:
    """Payments of every method with what may happen to them: the ids of intents and payouts."""
    gateway, client = wire.gateway(), wire.client()
    intents, payouts = [], []
    for number in range(24):
        due = Money(random.randrange(2_000, 90_000), "CNY")
        method = METHODS[number % 3]
        intent = gateway.create_payment(f"pay_{number}", f"ord_{number}", due, method).id
        wire.pay(intent)
        intents.append(intent)
        if number % 4 == 0:
            made = gateway.refund(f"r{number}", intent, Money(300, "CNY"))
            gateway.refund(f"s{number}", intent, Money(200, "CNY"))
            if number % 8 == 0:
                wire.tell(f"refunds/{made.id}/fail", {})
        if number % 6 == 1:
            dispute = wire.tell(f"payment_intents/{intent}/dispute", {})["id"]
            wire.tell(f"disputes/{dispute}/{'win' if number % 12 == 1 else 'lose'}", {})
        if number % 8 == 7:
            payouts.append(client.v1.payouts.create({"amount": 60, "currency": "cny"}).id)
            wire.tell(f"payouts/{payouts[-1]}/{'pay' if number % 16 == 7 else 'fail'}", {})
    return intents, payouts


def _recorded(gateway: Gateway, intents: list[str], payouts: list[str]) -> Iterator[CashEntry]:
    now_ms = later_ms() - 1
    for number, intent_id in enumerate(intents):
        order_id, charge = f"ord_{number}", gateway.find_payment(intent_id).charge
        assert charge is not None
        yield charge_entry(order_id, charge.id, charge.movement, SALES, now_ms)
        for refund in charge.refunds:
            yield from refund_entries(order_id, refund, SALES, now_ms)
        for dispute in charge.disputes:
            yield from dispute_entries(order_id, dispute, 0, now_ms)
    for payout_id in payouts:
        yield from payout_entries(gateway.find_payout(payout_id), now_ms)


def test_every_transaction_of_stripe_has_an_entry(wire: Wire) -> None:
    intents, payouts = _business(wire, Random(3))
    gateway = wire.gateway()
    ours = list(_recorded(gateway, intents, payouts))
    theirs = list(gateway.movements(0, later_ms()))
    kinds = Counter(finding.kind for finding in reconcile(ours, theirs))
    assert kinds == {"late": len(theirs)}
    told = {line.our_id for line in theirs if line.type == "charge"}
    assert told == {f"ord_{number}" for number in range(len(intents))}
    (first, *others) = ours
    wrong = reconcile([replace(first, source="order:ord_other"), *others], theirs)
    assert [each.kind for each in wrong if each.kind != "late"] == ["source_differs"]
    assert {line.type for line in theirs} >= {
        "charge",
        "refund",
        "refund_failure",
        "adjustment",
        "payout",
        "payout_failure",
    }
    assert gateway.balance("CNY") == sum(entry.on(PROVIDER) for entry in ours)
