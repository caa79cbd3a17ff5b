"""Items of segments and lists.

pk AUDIENCE#<id>   sk AUDIENCE   a segment or a list; due while a job has to tell its members
pk AUDIENCE#<id>   sk PART#<n>   ids of a list
"""

from __future__ import annotations

from chalicelib.campaigns.rules.segments import MemberAudience
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

AUDIENCE, AUDIENCES = "AUDIENCE", "AUDIENCES"


class AudienceItem(MarketingItem):
    version = IntegerAttribute()
    audience = StructAttribute[MemberAudience](MemberAudience)
    content = BytesAttribute(null=True)

    @classmethod
    def of(cls, audience: MemberAudience, content: bytes | None) -> AudienceItem:
        due_at_ms = audience.due_at_ms
        return cls(
            f"AUDIENCE#{audience.id}",
            AUDIENCE,
            version=audience.version,
            audience=audience,
            content=content,
            list_name=AUDIENCES,
            list_order=f"{audience.created_at_ms:015d}#{audience.id}",
            due_shard=None if due_at_ms is None else AUDIENCES,
            due_at=None if due_at_ms is None else due_at_ms // 1000,
        )


class AudiencePartItem(MarketingItem):
    ids = StructAttribute[list[str]](list[str])

    @staticmethod
    def key(audience_id: str, number: int) -> tuple[str, str]:
        return f"AUDIENCE#{audience_id}", f"PART#{number:03d}"
