"""Acts of partners and members on the scene, through other contexts."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from unittest.mock import patch

from chalicelib import ledger
from chalicelib.earning import actions as campaigns
from chalicelib.earning import queries, rules
from chalicelib.earning.actions import deciding
from chalicelib.earning.actions.limits import put_budget
from chalicelib.earning.queries import limits
from chalicelib.earning.queries.rules import InForce
from chalicelib.earning.rules import PURCHASES, Payment, SoldItem
from chalicelib.earning.rules.conditions import Condition
from chalicelib.earning.rules.definitions import (
    Caps,
    PerAmount,
    Rule,
    RuleDraft,
    RuleEffect,
    RuleTitle,
)
from chalicelib.earning.rules.evaluation import compile_rules
from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Cause, Credit
from chalicelib.members.actions.transfers import Gift, send_gift
from chalicelib.members.queries import destination_of
from tests.earning.several import SEVERAL
from tests.faults.acts import told
from tests.faults.scene import LATE, PENDING_TIME, Scene, epoch, on_account

PARTNER = "shop-1"
CURRENCY = "CNY"
PAID = 19_900
BUDGET = 400


def _receive(*events: campaigns.PartnerEvent) -> Any:
    outcomes = []
    for outcome in campaigns.receive_batch(PARTNER, events, clock.now()):
        if isinstance(outcome, JifenError):
            raise outcome
        outcomes.append((outcome.decisions, list(map(told, outcome.entries))))
    return outcomes


def _shop_order(scene: Scene) -> str:
    return scene.named("paid")


def _facts(scene: Scene, name: str, digest: bytes = b"0" * 12) -> dict[str, Any]:
    order_id, at_ms = _shop_order(scene), clock.to_ms(scene.set_at)
    told = {"occurred_at_ms": at_ms, "digest": digest}
    return {"id": f"{order_id}:{name}", "order_id": order_id, **told}


def _who(scene: Scene) -> dict[str, Any]:
    return {"member_id": scene.member, "identity": None}


def _nobody(scene: Scene) -> dict[str, Any]:
    return {"member_id": None, "identity": scene.identity}


def pay(scene: Scene) -> Any:
    facts = {**_facts(scene, "paid"), **_who(scene)}
    return _receive(campaigns.PaidOrder(**facts, amount=PAID, currency=CURRENCY))


def _pay_by_several(scene: Scene, **who: Any) -> Any:
    """A payment that several rules decide on, of more items than its record has room for."""
    names = [sha256(str(number).encode()).hexdigest() for number in range(20)]
    items = tuple(SoldItem(name, 995, 1) for name in names)
    facts = {**_facts(scene, "paid"), **who, "items": items}
    with patch.object(queries, "rules_in_force", lambda: SEVERAL):
        return _receive(campaigns.PaidOrder(**facts, amount=PAID, currency=CURRENCY))


def pay_by_several(scene: Scene) -> Any:
    return _pay_by_several(scene, **_who(scene))


def pay_by_several_for_nobody(scene: Scene) -> Any:
    return _pay_by_several(scene, **_nobody(scene))


def _limited_rule(scene: Scene) -> Rule:
    """A rule that gives 199 points, of which a cap leaves 150, of a budget of 400."""
    effect = RuleEffect(per_amount=PerAmount(1, 100))
    draft = RuleDraft(
        title=RuleTitle("限", "Limited"),
        event="order.paid",
        effect=effect,
        caps=Caps(member_life=150),
        budget=BUDGET,
    )
    return Rule(f"rul_{scene.key}", 1, draft)


def be_limited(scene: Scene) -> None:
    writes = WriteSet()
    put_budget(writes, _limited_rule(scene).id, None, BUDGET)
    writes.commit()


def pay_by_limits(scene: Scene) -> Any:
    facts = {**_facts(scene, "paid"), **_who(scene)}
    rules_now = InForce(compile_rules([_limited_rule(scene)]), has_purchases=True)
    with patch.object(deciding, "in_force", lambda: rules_now):
        return _receive(campaigns.PaidOrder(**facts, amount=PAID, currency=CURRENCY))


def have_paid_by_limits(scene: Scene) -> None:
    be_limited(scene)
    pay_by_limits(scene)


def refund_within_limits(scene: Scene) -> Any:
    """A refund of all; then the budget and the cap are as they were."""
    told_of = _refund(scene, "all", PAID, **_who(scene))
    rule_id = _limited_rule(scene).id
    used = limits.used_of(limits.find_cap(rule_id, scene.member), clock.program_day(clock.now()))
    return told_of, sum(limits.budget_left(rule_id).values()), used.life


def _rule_by_items(scene: Scene) -> Rule:
    """A rule that gives a point for each yuan of one of two goods, of a budget of 400."""
    draft = RuleDraft(
        title=RuleTitle("品", "Goods"),
        event="order.paid",
        items=Condition(field="item.sku", op="=", value="A"),
        effect=RuleEffect(per_amount=PerAmount(1, 100)),
        budget=BUDGET,
    )
    return Rule(f"rul_{scene.key}", 1, draft)


def have_paid_by_items(scene: Scene) -> None:
    be_limited(scene)
    items = (SoldItem("A", 12_000, 2), SoldItem("B", PAID - 12_000, 1))
    facts = {**_facts(scene, "paid"), **_who(scene), "items": items}
    rules_now = InForce(compile_rules([_rule_by_items(scene)]), has_purchases=True)
    with patch.object(deciding, "in_force", lambda: rules_now):
        _receive(campaigns.PaidOrder(**facts, amount=PAID, currency=CURRENCY))


def refund_an_item(scene: Scene) -> Any:
    """One of the two goods that the rule is about; then its half is in the budget again."""
    told_of = _refund(scene, "item", 6_000, items=(SoldItem("A", 6_000, 1),), **_who(scene))
    return told_of, sum(limits.budget_left(_rule_by_items(scene).id).values())


def pay_otherwise(scene: Scene) -> Any:
    facts = {**_facts(scene, "paid", b"1" * 12), **_who(scene)}
    return _receive(campaigns.PaidOrder(**facts, amount=PAID, currency=CURRENCY))


def pay_for_nobody(scene: Scene) -> Any:
    facts = {**_facts(scene, "paid"), **_nobody(scene)}
    return _receive(campaigns.PaidOrder(**facts, amount=PAID, currency=CURRENCY))


def _refund(scene: Scene, name: str, amount: int, **who: Any) -> Any:
    facts = {**_facts(scene, name), **who}
    return _receive(campaigns.RefundedOrder(**facts, amount=amount, currency=CURRENCY))


def refund(scene: Scene) -> Any:
    return _refund(scene, "refunded", 7_777, **_who(scene))


def refund_the_rest(scene: Scene) -> Any:
    return _refund(scene, "rest", PAID - 7_777, **_who(scene))


def refund_first(scene: Scene) -> None:
    """Its answer tells whether the payment is there by then, which a retry may see otherwise."""
    refund(scene)


def pay_pending(scene: Scene) -> Any:
    """A payment whose points wait for the order's completion."""
    source = rules.source_of(PARTNER, _shop_order(scene))
    reference = rules.accrual_reference(PARTNER, _shop_order(scene), PURCHASES.id)
    note = Payment(PAID, CURRENCY).encode()
    cause = Cause(reference, source, 0, PURCHASES.id, rules.content_of(note), note)
    credit = Credit(199, epoch(LATE), cause, epoch(PENDING_TIME))
    return told(
        on_account(
            scene.account, reference, lambda w, seen: ledger.accrue(w, seen, [credit], clock.now())
        )
    )


def complete(scene: Scene) -> Any:
    return _receive(campaigns.CompletedOrder(**_facts(scene, "completed"), **_who(scene)))


def apply_unmatched(scene: Scene) -> None:
    campaigns.apply_unmatched(scene.identity, scene.member, clock.now())


def apply_refunds(scene: Scene) -> None:
    campaigns.apply_waiting_refunds(PARTNER, _shop_order(scene), clock.now())


def _gift(scene: Scene, name: str, **to: Any) -> Any:
    gift = Gift(scene.named(name), scene.member, 110, ids.digest(b"110"), **to)
    entry, _ = send_gift(gift, clock.now())
    return told(entry)


def give(scene: Scene) -> Any:
    return _gift(scene, "given", member_id=scene.friend, message="生日快乐")


def give_to_nobody(scene: Scene) -> Any:
    return _gift(scene, "sent", destination=destination_of(email=f"{scene.key}@example.com"))
