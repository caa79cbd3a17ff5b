"""The items of places, and of how often each was seen and followed.

pk PLACES         sk <place>
pk PLACE#<place>  sk DAY#<day>#<shard>
"""

from __future__ import annotations

import random

from chalicelib.campaigns.rules.places import Place
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

PLACES, PLACE, DAY = "PLACES", "PLACE#", "DAY#"
SHARDS = 8


class PlaceItem(MarketingItem):
    """A place; `content` is the digest of the request that made it."""

    version = IntegerAttribute()
    place = StructAttribute[Place](Place)
    content = BytesAttribute()

    @classmethod
    def of(cls, place: Place, content: bytes) -> PlaceItem:
        return cls(PLACES, place.id, version=place.version, place=place, content=content)


class PlaceDayItem(MarketingItem):
    """A shard of the counts of a day of the program."""

    views = IntegerAttribute(null=True)
    clicks = IntegerAttribute(null=True)

    @classmethod
    def any_of(cls, place_id: str, day: str) -> PlaceDayItem:
        """The key of one shard of a day: a banner of the home page is seen by everybody."""
        shard = random.randrange(SHARDS)  # noqa: S311 - only spreads writes
        return cls(f"{PLACE}{place_id}", f"{DAY}{day}#{shard}")
