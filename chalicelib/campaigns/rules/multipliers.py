"""A campaign that multiplies points is an earning rule: accrual knows nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.campaigns.rules.definitions import MULTIPLIER, CampaignDraft
from chalicelib.coupons import EVERYTHING
from chalicelib.earning import Condition, Multiply, RuleDraft, RuleEffect, RuleTitle
from chalicelib.kernel.errors import FieldError, Words

_NOT_OF_KIND = Words("积分倍数活动不支持此项", "is not for campaigns that multiply points")


def rule_of(terms: CampaignDraft) -> RuleDraft | None:
    """The earning rule of a campaign's terms; None of one that multiplies nothing."""
    effect = terms.effect.multiplier
    if terms.kind != MULTIPLIER or effect is None:
        return None
    tiers: list[int | str] = list(terms.audience.tiers)
    return RuleDraft(
        title=RuleTitle(terms.title.zh, terms.title.en),
        event="order.paid",
        when=Condition(field="member.tier", op="in", value=tiers) if tiers else None,
        effect=RuleEffect(multiply=Multiply(effect.percent)),
        multiplier_group=terms.exclusion_group,
        priority=terms.priority,
        budget=terms.budget.points if terms.budget else None,
        valid=terms.valid,
    )


def multiplier_faults(terms: CampaignDraft) -> Iterator[FieldError]:
    """What an earning rule cannot do: it knows a member's tier and no order of the mall's."""
    audience, budget = terms.audience, terms.budget
    wrong = {
        "audience.tags": audience.tags,
        "audience.segments": audience.segments,
        "audience.lists": audience.lists,
        "scope": terms.scope != EVERYTHING,
        "budget.cash": budget and budget.cash is not None,
        "budget.takers": budget and budget.takers is not None,
        "per_member": terms.per_member is not None,
        "holdout_percent": terms.holdout_percent,
    }
    for field, is_given in wrong.items():
        if is_given:
            yield FieldError(field, "not_of_this_kind", _NOT_OF_KIND)
