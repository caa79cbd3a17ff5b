"""Items of the members table.

    pk MBR#<member>     sk PROFILE, IDN#<identity>, ADR#<address>, SES#<session>; externals.py
    pk MBR#<member>     sk ERASED, or ALIAS (merging.py): instead of all these
    pk IDN#<hash>       sk IDENTITY: the member with this phone, e-mail, account or external id
    pk OTP#<challenge>  sk CHALLENGE
    pk GRT#<hash>       sk GRANT: the session that a provider's code opened
    pk STA#<hash>       sk STATE: a state of a sign-in that was used
    pk RATE#<hash>      sk <window in seconds>#<window's number>, CODES
    pk CODES#<shard>    sk <number of the hour>

`ttl` (epoch seconds) only deletes old items; `expires_at` decides validity.
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.kernel.store.tables import Item
from chalicelib.members.rules import Consent
from chalicelib.members.rules.codes import Sent

MEMBER = "MBR#"
PROFILE = "PROFILE"
IDENTITY = "IDN#"
ADDRESS = "ADR#"
SESSION = "SES#"
ERASED = "ERASED"


class MembersItem(Item):
    class Meta:
        table_name = config().table("members")


class ProfileItem(MembersItem):
    """A member; `identities`, `addresses` and `external_ids` count their items, for conditions on
    the limits."""

    nickname = UnicodeAttribute(null=True)
    avatar = UnicodeAttribute(null=True)
    language = UnicodeAttribute()
    roles = UnicodeSetAttribute(null=True)
    consent = StructAttribute[Consent](Consent, null=True)
    identities = IntegerAttribute()
    addresses = IntegerAttribute()
    default_address = UnicodeAttribute(null=True)
    external_ids = IntegerAttribute(null=True)
    # When the member is erased (epoch milliseconds), unless they sign in before.
    erase_at = IntegerAttribute(null=True)
    devices = BytesAttribute(null=True)
    created_at = IntegerAttribute()
    # Of the tiers' standing, in whose transactions it changes: absent at the bottom.
    tier = UnicodeAttribute(null=True)
    birthday = UnicodeAttribute(null=True)
    birthday_told_at = IntegerAttribute(null=True)
    referral_code = UnicodeAttribute(null=True)
    referred_by = UnicodeAttribute(null=True)
    # Ids of members who were merged into this one, and a merge that has begun: <from>:<into>.
    merged = UnicodeSetAttribute(null=True)
    merging = UnicodeAttribute(null=True)

    @classmethod
    def key(cls, member_id: str) -> ProfileItem:
        return cls(MEMBER + member_id, PROFILE)

    @property
    def id(self) -> str:
        return self.pk.removeprefix(MEMBER)


class ErasedItem(MembersItem):
    """What is left of an erased member: that there was one, under which other ids, too."""

    erased_at = IntegerAttribute()
    merged = UnicodeSetAttribute(null=True)

    @classmethod
    def key(cls, member_id: str) -> ErasedItem:
        return cls(MEMBER + member_id, ERASED)


class IdentityItem(MembersItem):
    """The member of a phone, an e-mail, an account at a provider or an external id: one at a time,
    by its key.

    `uninvited` is the member, if it was known that nobody invited them: who finds them by this
    item need not ask. It counts for this very member alone.
    """

    member_id = UnicodeAttribute()
    created_at = IntegerAttribute()
    uninvited = UnicodeAttribute(null=True)

    @classmethod
    def key(cls, identity: str) -> IdentityItem:
        return cls(IDENTITY + identity, "IDENTITY")


class LinkedItem(MembersItem):
    """A member's own row of an identity: the address or account sealed to the member.

    `also` are further hashes of one account at a provider: as another app or all apps know it.
    """

    kind = UnicodeAttribute()
    identity = UnicodeAttribute()
    also = UnicodeSetAttribute(null=True)
    sealed = BytesAttribute()
    content = BytesAttribute(null=True)
    created_at = IntegerAttribute()
    # It came by a merge, and the member had one of its kind: theirs is shown and written to.
    is_spare = BooleanAttribute(null=True)

    @classmethod
    def key(cls, member_id: str, identity_id: str) -> LinkedItem:
        return cls(MEMBER + member_id, IDENTITY + identity_id)

    @property
    def id(self) -> str:
        return self.sk.removeprefix(IDENTITY)

    @property
    def hashes(self) -> set[str]:
        """The keys of all its `IdentityItem`s."""
        return {self.identity, *(self.also or ())}


class ContactItem(MembersItem):
    """A member's profile or a row of an identity of theirs: they lie side by side."""

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Any:
        kind = ProfileItem if data["sk"]["S"] == PROFILE else LinkedItem
        return kind.from_raw_data(data)


class AddressItem(MembersItem):
    """A postal address sealed to the member; `content` tells a replay from another request."""

    sealed = BytesAttribute()
    content = BytesAttribute()
    version = IntegerAttribute()
    created_at = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str, address_id: str) -> AddressItem:
        return cls(MEMBER + member_id, ADDRESS + address_id)

    @property
    def id(self) -> str:
        return self.sk.removeprefix(ADDRESS)


class SessionItem(MembersItem):
    """A login on one device; one of its refresh tokens is valid at a time.

    `device` is the keyed hash of what the device calls itself, `network` is where it was last.
    `is_new` is set if the member had signed in before, and never on this device.
    """

    refresh_hash = BytesAttribute()
    user_agent = UnicodeAttribute(null=True)
    device = BytesAttribute(null=True)
    network = UnicodeAttribute(null=True)
    is_new = IntegerAttribute(null=True)
    created_at = IntegerAttribute()
    last_used_at = IntegerAttribute()
    expires_at = IntegerAttribute()
    ttl = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str, session_id: str) -> SessionItem:
        return cls(MEMBER + member_id, SESSION + session_id)

    @property
    def id(self) -> str:
        return self.sk.removeprefix(SESSION)


class ChallengeItem(MembersItem):
    """A sent code for one destination; its use deletes it."""

    kind = UnicodeAttribute()
    identity = UnicodeAttribute()
    sealed = BytesAttribute()
    code_hash = BytesAttribute()
    tries = IntegerAttribute()
    expires_at = IntegerAttribute()
    ttl = IntegerAttribute()

    @classmethod
    def key(cls, challenge_id: str) -> ChallengeItem:
        return cls(f"OTP#{challenge_id}", "CHALLENGE")

    @property
    def id(self) -> str:
        return self.pk.removeprefix("OTP#")


class RateItem(MembersItem):
    """A counter of uses in one window of time."""

    uses = IntegerAttribute()
    ttl = IntegerAttribute()

    @classmethod
    def key(cls, counted: str, window_s: int, number: int) -> RateItem:
        return cls(f"RATE#{counted}", f"{window_s}#{number}")


class SentCodesItem(MembersItem):
    """The codes that went to one destination of late: for its limits and delays."""

    number = IntegerAttribute()
    day = IntegerAttribute()
    day_uses = IntegerAttribute()
    span = IntegerAttribute()
    span_uses = IntegerAttribute()
    last_at = IntegerAttribute()
    last_id = UnicodeAttribute()
    unused = IntegerAttribute()
    ttl = IntegerAttribute()

    @classmethod
    def key(cls, counted: str) -> SentCodesItem:
        return cls(f"RATE#{counted}", "CODES")

    @classmethod
    def of(cls, counted: str, sent: Sent, ttl: int) -> SentCodesItem:
        key = cls.key(counted)
        return cls.holding(sent, key.pk, key.sk, ttl=ttl)

    def value(self) -> Sent:
        return self.into(Sent)


class CodeHourItem(MembersItem):
    """A shard of an hour's counts: texts that were sent, and codes that were refused by reason."""

    texts = IntegerAttribute(null=True)
    delay = IntegerAttribute(null=True)
    destination = IntegerAttribute(null=True)
    ip = IntegerAttribute(null=True)
    device = IntegerAttribute(null=True)
    range = IntegerAttribute(null=True)
    cap = IntegerAttribute(null=True)
    blocked = IntegerAttribute(null=True)
    captcha = IntegerAttribute(null=True)
    ttl = IntegerAttribute()

    @classmethod
    def key(cls, shard: int, hour: int) -> CodeHourItem:
        return cls(f"CODES#{shard}", f"{hour:08d}")


class GrantItem(MembersItem):
    """The session that a provider's code opened: a client whose answer was lost gets it again.

    `bound` tells the client that sent the code from others.
    """

    member_id = UnicodeAttribute()
    session_id = UnicodeAttribute()
    bound = BytesAttribute()
    created = BooleanAttribute()
    used_at = IntegerAttribute()
    ttl = IntegerAttribute()

    @classmethod
    def key(cls, code_hash: str) -> GrantItem:
        return cls(f"GRT#{code_hash}", "GRANT")


class StateItem(MembersItem):
    """A state that was used."""

    used_at = IntegerAttribute()
    ttl = IntegerAttribute()

    @classmethod
    def key(cls, state_hash: str) -> StateItem:
        return cls(f"STA#{state_hash}", "STATE")
