"""The items of missions.

MISSIONS         <mission>            a mission as ops define it
MISSIONS         #COUNTING            the missions that count, as one item
MISSION#<id>     V#<version>          each version of a mission
MISSION#<id>     TAKERS               how many rewards of it were taken
MSN#<member>     <mission>#<period>   a member's progress
MSNCLAIM#<id>    CLAIM                a claim, found by the key that made it
"""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.campaigns.rules.missions import Mission
from chalicelib.campaigns.rules.progress import Progress
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

MISSIONS, COUNTING, MISSION, PROGRESS = "MISSIONS", "#COUNTING", "MISSION#", "MSN#"


class MissionItem(MarketingItem):
    """A mission, and the digest of the request that made it."""

    mission = StructAttribute[Mission](Mission)
    version = IntegerAttribute()
    made_of = BytesAttribute()

    @classmethod
    def of(cls, mission: Mission, made_of: bytes) -> MissionItem:
        key = (MISSIONS, mission.id)
        return cls(*key, mission=mission, version=mission.version, made_of=made_of)

    @property
    def content(self) -> bytes:
        found: bytes = self.made_of
        return found

    def value(self) -> Mission:
        return self.mission


class MissionVersionItem(MarketingItem):
    """A version of a mission, kept for good."""

    mission = StructAttribute[Mission](Mission)

    @classmethod
    def of(cls, mission: Mission) -> MissionVersionItem:
        return cls(MISSION + mission.id, f"V#{mission.version:08d}", mission=mission)

    def value(self) -> Mission:
        return self.mission


class CountingItem(MarketingItem):
    """The missions by which purchases count: one read for each."""

    missions = StructAttribute[tuple[Mission, ...]](tuple[Mission, ...])
    version = IntegerAttribute()

    @classmethod
    def of(cls, missions: tuple[Mission, ...], version: int) -> CountingItem:
        return cls(MISSIONS, COUNTING, missions=missions, version=version)


class TakersItem(MarketingItem):
    """How many rewards of a mission were taken."""

    taken = IntegerAttribute(null=True)

    @classmethod
    def key(cls, mission_id: str) -> TakersItem:
        return cls(MISSION + mission_id, "TAKERS")


class MissionProgressItem(MarketingItem):
    """A member's progress with a mission in a period."""

    until = IntegerAttribute()
    parts = StructAttribute[dict[str, int]](dict[str, int], null=True)
    amount = IntegerAttribute(null=True)
    reached = IntegerAttribute(null=True)
    taken = IntegerAttribute(null=True)
    is_gone = BooleanAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    version = IntegerAttribute()

    @staticmethod
    def key(member_id: str, mission_id: str, period: str) -> tuple[str, str]:
        return PROGRESS + member_id, f"{mission_id}#{period}"

    @classmethod
    def of(cls, told: Progress) -> MissionProgressItem:
        key = cls.key(told.member_id, told.mission_id, told.period)
        return cls.holding(told, *key, amount=told.value or None)

    def value(self) -> Progress:
        mission_id, _, period = self.sk.partition("#")
        return self.into(
            Progress,
            member_id=self.pk.removeprefix(PROGRESS),
            mission_id=mission_id,
            period=period,
            value=self.amount or 0,
        )


class MissionClaimItem(MarketingItem):
    """A claim of a mission's reward: the record of its key."""

    made_of = BytesAttribute()
    member_id = UnicodeAttribute()
    mission_id = UnicodeAttribute()
    period = UnicodeAttribute()
    at = IntegerAttribute()

    @classmethod
    def key(cls, claim_id: str) -> MissionClaimItem:
        return cls(f"MSNCLAIM#{claim_id}", "CLAIM")

    @property
    def id(self) -> str:
        return self.pk.removeprefix("MSNCLAIM#")

    @property
    def content(self) -> bytes:
        found: bytes = self.made_of
        return found
