"""The kinds of record in the table of campaigns, by key."""

from __future__ import annotations

from chalicelib.campaigns.tables import (
    boards,
    campaigns,
    lotteries,
    missions,
    people,
    places,
    purchases,
    results,
    rewards,
    segments,
    triggers,
)
from chalicelib.kernel.store.tables import Item

KEPT_OF_CAMPAIGNS: tuple[tuple[str, str, str, type[Item]], ...] = (
    ("marketing", "BUY#", "PURCHASE", purchases.PurchaseItem),
    ("marketing", "REW#", "", rewards.PromiseItem),
    ("marketing", "CLOSINGS", "", rewards.ClosingItem),
    ("marketing", "CAMPAIGN#", "CAMPAIGN", campaigns.CampaignItem),
    ("marketing", "CAMPAIGN#", "V#", campaigns.CampaignVersionItem),
    ("marketing", "LIVE", "HEAD", campaigns.LiveHeadItem),
    ("marketing", "LIVE", "PART#", campaigns.LivePartItem),
    ("marketing", "BUDGET#", "LEFT", campaigns.CampaignBudgetItem),
    ("marketing", "RESULT#", "DAY#", results.ResultDayItem),
    ("marketing", "RESULT#", "TAKER#", results.TakerItem),
    ("marketing", "MEMBER#", "FACTS", people.MemberFactsItem),
    ("marketing", "MISSIONS", "#COUNTING", missions.CountingItem),
    ("marketing", "MISSIONS", "", missions.MissionItem),
    ("marketing", "MISSION#", "V#", missions.MissionVersionItem),
    ("marketing", "MISSION#", "TAKERS", missions.TakersItem),
    ("marketing", "MSN#", "", missions.MissionProgressItem),
    ("marketing", "MSNCLAIM#", "CLAIM", missions.MissionClaimItem),
    ("marketing", "BOARDS", "#COUNTING", boards.CountingBoardsItem),
    ("marketing", "BOARDS", "", boards.BoardItem),
    ("marketing", "BOARD#", "CLOSED", boards.ClosedItem),
    ("marketing", "BRD#", "#RESULT", boards.ResultItem),
    ("marketing", "BRD#", "", boards.ScoreItem),
    ("marketing", "BRDENTRY#", "COUNTED", boards.CountedEntryItem),
    ("marketing", "MBR#", "BOARDS", boards.ShownItem),
    ("marketing", "LOT#", "DRAW#", lotteries.DrawItem),
    ("marketing", "LOTTERIES", "lot_", lotteries.LotteryItem),
    ("marketing", "PLACES", "plc_", places.PlaceItem),
    ("marketing", "PLACE#", "DAY#", places.PlaceDayItem),
    ("marketing", "AUDIENCE#", "AUDIENCE", segments.AudienceItem),
    ("marketing", "AUDIENCE#", "PART#", segments.AudiencePartItem),
    ("marketing", "TRIGGERS", "", triggers.TriggerItem),
    ("marketing", "TRIGGER#", "TAKERS", triggers.TriggerTakersItem),
    ("marketing", "WATCH#", "", triggers.WatchItem),
)  # fmt: skip
