"""Changes of a campaign by the staff."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.campaigns.rules.definitions import (
    Audience,
    CampaignBudget,
    CampaignDraft,
    CampaignTitle,
    Count,
    ExclusionGroup,
)
from chalicelib.campaigns.rules.effects import CampaignEffect
from chalicelib.coupons import Scope
from chalicelib.earning import Valid


class CampaignChange(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Any part of a campaign but its kind; each given part replaces the old one whole."""

    title: CampaignTitle | UnsetType = UNSET
    effect: CampaignEffect | UnsetType = UNSET
    valid: Valid | UnsetType | None = UNSET
    audience: Audience | UnsetType = UNSET
    scope: Scope | UnsetType = UNSET
    budget: CampaignBudget | UnsetType | None = UNSET
    per_member: Count | UnsetType | None = UNSET
    exclusion_group: ExclusionGroup | UnsetType | None = UNSET
    with_coupons: bool | UnsetType = UNSET
    priority: Annotated[int, Meta(ge=-1000, le=1000)] | UnsetType = UNSET
    holdout_percent: Annotated[int, Meta(ge=0, le=90)] | UnsetType = UNSET


def changed(seen: CampaignDraft, change: CampaignChange) -> CampaignDraft:
    """The campaign with a change made."""
    given: dict[str, Any] = {
        name: value
        for name in change.__struct_fields__
        if (value := getattr(change, name)) is not UNSET
    }
    return msgspec.structs.replace(seen, **given)
