"""Items of external ids and of the staff's notes, beside their member's others.

MBR#<member>    EXT#<hash>                 a shop's or a CRM's id of the member
MBR#<member>    STAFF-NOTE#<at>#<note>     what the staff noted about the member
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel import crypto
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute
from chalicelib.members.rules.externals import ExternalId, StaffNote
from chalicelib.members.tables.items import MEMBER, MembersItem

EXTERNAL = "EXT#"
NOTE = "STAFF-NOTE#"
_AT_DIGITS = 15


def external_hash_of(external: ExternalId) -> str:
    """The keyed hash by which an external id names a member, as a phone's hash does."""
    return crypto.keyed_hash("external", external.system, external.id).hex()


class ExternalItem(MembersItem):
    """A member's own row of an external id, sealed to the member."""

    system = UnicodeAttribute()
    sealed = BytesAttribute()
    created_at = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str, hashed: str) -> ExternalItem:
        return cls(MEMBER + member_id, EXTERNAL + hashed)

    @classmethod
    def of(cls, member_id: str, external: ExternalId) -> ExternalItem:
        item = cls.key(member_id, external_hash_of(external))
        item.system, item.created_at = external.system, external.created_at
        item.sealed = crypto.encrypt(external.id.encode(), member_id)
        return item

    @property
    def hashed(self) -> str:
        return self.sk.removeprefix(EXTERNAL)

    def value(self) -> ExternalId:
        plain = crypto.decrypt(self.sealed, self.pk.removeprefix(MEMBER)).decode()
        return ExternalId(self.system, plain, self.created_at)


class StaffNoteItem(MembersItem):
    """A note of the staff's; its text is sealed to the member."""

    text = BytesAttribute()
    by = UnicodeAttribute()

    @classmethod
    def of(cls, member_id: str, note: StaffNote) -> StaffNoteItem:
        text = crypto.encrypt(note.text.encode(), member_id)
        place = f"{note.created_at_ms:0{_AT_DIGITS}d}#{note.id}"
        return cls(MEMBER + member_id, NOTE + place, text=text, by=note.by)

    def value(self) -> StaffNote:
        at, _, note_id = self.sk.removeprefix(NOTE).partition("#")
        text = crypto.decrypt(self.text, self.pk.removeprefix(MEMBER)).decode()
        return StaffNote(note_id, text, self.by, int(at))
