"""Items of campaigns.

pk CAMPAIGN#<id>     sk CAMPAIGN     a campaign as the staff sees it; listed by its status
pk CAMPAIGN#<id>     sk V#<n>        each version that was in force
pk LIVE              sk HEAD         the version and the number of parts of those in force
pk LIVE              sk PART#<n>     these, packed
pk BUDGET#<id>#<n>   sk LEFT         a shard of what is left of a campaign's budget
"""

from __future__ import annotations

from functools import partial

from chalicelib.campaigns.rules.definitions import Campaign
from chalicelib.campaigns.rules.records import CampaignRecord
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.kernel.store.budgets import Budget
from chalicelib.kernel.store.packed_sets import PackedSet

CAMPAIGN = "CAMPAIGN"
BUDGET_SHARDS = 8


class CampaignItem(MarketingItem):
    version = IntegerAttribute()
    record = StructAttribute[CampaignRecord](CampaignRecord)
    content = BytesAttribute(null=True)

    @classmethod
    def of(cls, record: CampaignRecord, content: bytes | None) -> CampaignItem:
        return cls(
            f"CAMPAIGN#{record.id}",
            CAMPAIGN,
            version=record.version,
            record=record,
            content=content,
            list_name=list_of(record.status),
            list_order=f"{record.created_at_ms:015d}#{record.id}",
        )


class CampaignVersionItem(MarketingItem):
    campaign = StructAttribute[Campaign](Campaign)
    published_at = IntegerAttribute()

    @classmethod
    def of(cls, campaign: Campaign, published_at_ms: int) -> CampaignVersionItem:
        key = cls.key(campaign.id, campaign.version)
        return cls(*key, campaign=campaign, published_at=published_at_ms)

    @staticmethod
    def key(campaign_id: str, version: int) -> tuple[str, str]:
        return f"CAMPAIGN#{campaign_id}", f"V#{version:08d}"


class LiveHeadItem(MarketingItem):
    version = IntegerAttribute()
    parts = IntegerAttribute()


class LivePartItem(MarketingItem):
    version = IntegerAttribute()
    packed = BytesAttribute()


LIVE = PackedSet("LIVE", Campaign, LiveHeadItem, LivePartItem)


class CampaignBudgetItem(MarketingItem):
    """What a shard has left: points, minor units of cash, orders."""

    points = IntegerAttribute(null=True)
    cash = IntegerAttribute(null=True)
    takers = IntegerAttribute(null=True)

    @staticmethod
    def key(campaign_id: str, shard: int) -> tuple[str, str]:
        return f"BUDGET#{campaign_id}#{shard}", "LEFT"


def budget_of(campaign_id: str) -> Budget:
    """The counters of a campaign's budget."""
    return Budget(CampaignBudgetItem, partial(CampaignBudgetItem.key, campaign_id), BUDGET_SHARDS)


def list_of(status: str) -> str:
    return f"CAMPAIGNS#{status}"
