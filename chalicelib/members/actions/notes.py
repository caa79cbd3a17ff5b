"""The staff notes something about a member, on the record of the audit."""

from __future__ import annotations

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.members.queries.externals import find_staff_note
from chalicelib.members.rules.externals import StaffNote
from chalicelib.members.tables.externals import StaffNoteItem
from chalicelib.members.tables.items import ProfileItem


def note_member(member_id: str, note: StaffNote, act: Act) -> tuple[StaffNote, bool]:
    """Add a note about a member: (note, replayed).

    Raises NotFound, IdempotencyKeyReused.
    """

    def write() -> StaffNote:
        writes = WriteSet()
        writes.check(ProfileItem.key(member_id), ProfileItem.pk.exists(), or_raise=NotFound)
        writes.put(StaffNoteItem.of(member_id, note))
        # The words are personal: the audit keeps none of them.
        audit.record(writes, act.changing({}, {"note": note.id, "length": len(note.text)}))
        writes.commit()
        return note

    def find() -> StaffNote | None:
        earlier = audit.find_act(act)
        return (
            find_staff_note(member_id, note._replace(created_at_ms=earlier.at_ms))
            if earlier
            else None
        )

    return replay_outranks_refusal(write, find)
