"""Items of exports, erasures and merges. They stand in the members table: they are few, and
live briefly.

pk ERASURES           sk <due in ms>#<member>   a member who is to be erased
pk MERGES             sk <member>#<into>        a member who is being merged into another
pk EXPORT#<member>    sk EXPORT                 the last export of a member
pk EXPORTS            sk <member>               an export that is to be made
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.tables import Item
from chalicelib.members import Pair
from chalicelib.privacy.rules import Erasure, Export

ERASURES, EXPORTS, EXPORT, MERGES = "ERASURES", "EXPORTS", "EXPORT", "MERGES"
_KEPT_S = 2 * 86_400


class PrivacyItem(Item):
    class Meta:
        table_name = config().table("members")


class ErasureItem(PrivacyItem):
    """One that is due; it goes when nothing of the member is left."""

    asked_at = IntegerAttribute()

    @classmethod
    def of(cls, erasure: Erasure) -> ErasureItem:
        place = f"{place_of(erasure.due_ms)}#{erasure.member_id}"
        return cls(ERASURES, place, asked_at=erasure.asked_ms)

    def value(self) -> Erasure:
        due, _, member_id = self.sk.partition("#")
        return Erasure(member_id, self.asked_at, int(due))


class ExportItem(PrivacyItem):
    """The last export of a member; `ttl` only cleans."""

    asked_at = IntegerAttribute()
    language = UnicodeAttribute()
    key_name = UnicodeAttribute(null=True)
    size = IntegerAttribute(null=True)
    ready_at = IntegerAttribute(null=True)
    ttl = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str) -> ExportItem:
        return cls(f"EXPORT#{member_id}", EXPORT)

    @classmethod
    def of(cls, export: Export) -> ExportItem:
        item = cls.key(export.member_id)
        item.asked_at, item.language = export.asked_ms, export.language
        item.key_name, item.size, item.ready_at = export.key, export.size or None, export.ready_ms
        item.ttl = (export.ready_ms or export.asked_ms) // 1000 + _KEPT_S
        return item

    def value(self) -> Export:
        return Export(
            self.pk.partition("#")[2],
            self.asked_at,
            self.language,
            self.key_name,
            self.size or 0,
            self.ready_at,
        )


class WaitingExportItem(PrivacyItem):
    """That an export is to be made; it goes when it is there."""

    @classmethod
    def key(cls, member_id: str) -> WaitingExportItem:
        return cls(EXPORTS, member_id)


class MergeItem(PrivacyItem):
    """A merge that has begun; it goes when nothing is left under the old id alone."""

    @classmethod
    def of(cls, pair: Pair) -> MergeItem:
        return cls(MERGES, f"{pair.member_id}#{pair.into}")

    def value(self) -> Pair:
        return Pair(*self.sk.split("#"))


def place_of(at_ms: int) -> str:
    return f"{at_ms:015d}"
