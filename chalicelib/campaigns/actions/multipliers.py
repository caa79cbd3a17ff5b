"""The earning rule of a campaign follows it, in the same transaction."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib import earning
from chalicelib.campaigns.rules.multipliers import rule_of
from chalicelib.campaigns.rules.records import CampaignRecord
from chalicelib.kernel import ids
from chalicelib.kernel.store.writes import WriteSet


def follow(
    writes: WriteSet, seen: CampaignRecord, after: CampaignRecord, now: datetime
) -> CampaignRecord:
    """Add the rule of a campaign as its terms in force are; the campaign that names it."""
    draft = rule_of(after.live.terms) if after.live else None
    if draft is None and seen.rule_id is None:
        return after
    rule_id = seen.rule_id or ids.derived_id("rul", "campaign", seen.id)
    earning.follow_campaign(writes, rule_id, seen.id, draft, now)
    return replace(after, rule_id=rule_id)
