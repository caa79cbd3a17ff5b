"""Campaigns as the staff writes them: kind, times, audience, scope, effect, budget, stacking."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.campaigns.rules.effects import CampaignEffect, SomeCash, SomePoints
from chalicelib.coupons import EVERYTHING, Scope
from chalicelib.earning import Valid
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import ID, PLAIN, RULE_GROUP, kind

MULTIPLIER, PRICE, FLASH_SALE, BUNDLE = "multiplier", "price", "flash_sale", "bundle"
FULL_REDUCTION, BUY_AND_GIVE = "full_reduction", "buy_and_give"
POINTS_BACK, FIRST_ORDER = "points_back", "first_order"

DRAFT, WAITING, LIVE, ENDED = "draft", "waiting_for_approval", "live", "ended"

CampaignKind = Literal[
    "multiplier",
    "price",
    "flash_sale",
    "bundle",
    "full_reduction",
    "buy_and_give",
    "points_back",
    "first_order",
]
CampaignStatus = Literal["draft", "waiting_for_approval", "live", "ended"]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
ExclusionGroup = Annotated[str, kind(40, pasted, RULE_GROUP)]
AudienceNames = Annotated[list[Annotated[str, kind(64, form=ID)]], Meta(max_length=100)]


class CampaignTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a campaign in both languages."""

    zh: Annotated[str, kind(40, form=PLAIN)] = msgspec.field(name="zh-CN")
    en: Annotated[str, kind(80, form=PLAIN)]

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class Audience(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """All members, or those whom each given list of names has: a tier, a tag, a segment and a list
    of members."""

    all: bool = False
    tiers: AudienceNames = []
    tags: AudienceNames = []
    segments: AudienceNames = []
    lists: AudienceNames = []


EVERYBODY = Audience(all=True)


class CampaignBudget(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a campaign gives at most: points, cash in minor units, and orders that have it; null is
    without limit."""

    points: SomePoints | None = None
    cash: SomeCash | None = None
    takers: Count | None = None


class CampaignDraft(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A campaign. It applies to at most `per_member` orders of a member.

    Of campaigns of one `exclusion_group` a line gets one: of the highest priority, then that which
    saves more. `holdout_percent` of the audience get nothing of it, so that its effect can be
    measured.
    """

    kind: CampaignKind
    title: CampaignTitle
    effect: CampaignEffect
    valid: Valid | None = None
    audience: Audience = EVERYBODY
    scope: Scope = EVERYTHING
    budget: CampaignBudget | None = None
    per_member: Count | None = None
    exclusion_group: ExclusionGroup | None = None
    with_coupons: bool = True
    priority: Annotated[int, Meta(ge=-1000, le=1000)] = 0
    holdout_percent: Annotated[int, Meta(ge=0, le=90)] = 0

    @property
    def orders_each(self) -> int | None:
        """Of how many orders a member may have it, those that died left out: a first order is
        one."""
        return 1 if self.kind == FIRST_ORDER else self.per_member


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a campaign: prices and explanations name both."""

    id: str
    terms: CampaignDraft
    version: int = 1
    status: CampaignStatus = "draft"
