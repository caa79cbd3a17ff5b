"""Items of policies and consents, in the members table.

pk POLICIES         sk <policy>: a version of the terms or the privacy policy
pk POLICIES         sk PUBLISHED: which versions count
pk MBR#<member>     sk CNS#<consent>: what a member agreed to, when and from where
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.members.rules.policies import Policy, Published
from chalicelib.members.tables.items import MEMBER, MembersItem

POLICIES, PUBLISHED, CONSENT = "POLICIES", "PUBLISHED", "CNS#"


class PolicyItem(MembersItem):
    """A version of a policy as ops wrote it; `content` tells a replay from another request."""

    version = IntegerAttribute()
    policy = StructAttribute[Policy](Policy)
    content = BytesAttribute()

    @classmethod
    def of(cls, policy: Policy, content: bytes) -> PolicyItem:
        return cls(POLICIES, policy.id, version=policy.version, policy=policy, content=content)

    @property
    def id(self) -> str:
        return self.sk

    @property
    def created_at(self) -> int:
        return self.policy.created_at


class PublishedItem(MembersItem):
    """The published versions: what a call asks for is found in this one item."""

    version = IntegerAttribute()
    published = StructAttribute[Published](Published)

    @classmethod
    def of(cls, published: Published, version: int) -> PublishedItem:
        return cls(POLICIES, PUBLISHED, version=version, published=published)


class ConsentItem(MembersItem):
    """A consent that a member gave, for good; `device` is a keyed hash."""

    terms = UnicodeAttribute(null=True)
    privacy = UnicodeAttribute(null=True)
    at = IntegerAttribute()
    source = UnicodeAttribute()
    session_id = UnicodeAttribute(null=True)
    network = UnicodeAttribute(null=True)
    device = BytesAttribute(null=True)
    content = BytesAttribute(null=True)

    @classmethod
    def key(cls, member_id: str, consent_id: str) -> ConsentItem:
        return cls(MEMBER + member_id, CONSENT + consent_id)

    @property
    def id(self) -> str:
        return self.sk.removeprefix(CONSENT)

    @property
    def created_at(self) -> int:
        return self.at
