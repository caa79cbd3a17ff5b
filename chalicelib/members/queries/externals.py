"""Reads of external ids, of the staff's notes, and of the devices that the staff sees."""

from __future__ import annotations

from functools import partial
from typing import Any

from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.store.tables import readable
from chalicelib.members.rules.externals import ExternalId, StaffNote
from chalicelib.members.tables.externals import (
    EXTERNAL,
    NOTE,
    ExternalItem,
    StaffNoteItem,
    external_hash_of,
)
from chalicelib.members.tables.items import MEMBER


def external_identity(system: str, external_id: str) -> str:
    """The keyed hash by which a system's id names a member, as `identity_hash` of a phone."""
    return external_hash_of(ExternalId(system, external_id))


def external_ids(member_id: str) -> list[ExternalId]:
    """The readable external ids of a member, the one linked last first: 20 at most."""
    rows = ExternalItem.query(
        MEMBER + member_id, ExternalItem.sk.startswith(EXTERNAL), consistent_read=True
    )
    found = [row.value() for row in readable(rows)]
    return sorted(found, key=lambda each: (-each.created_at, each.system, each.id))


def notes_about(member_id: str, asked: PageQuery) -> Page[StaffNote]:
    """The staff's notes about a member, newest first.

    Raises InvalidCursor, Unreadable.
    """
    query: Any = partial(
        StaffNoteItem.query,
        MEMBER + member_id,
        StaffNoteItem.sk.startswith(NOTE),
        scan_index_forward=False,
        consistent_read=True,
    )
    return cursors.page(f"member-notes|{member_id}", asked, query, lambda item: item.value())


def find_staff_note(member_id: str, note: StaffNote) -> StaffNote | None:
    """A note by its id and time: a retry looks for what an earlier try wrote."""
    key = StaffNoteItem.of(member_id, note)
    return StaffNoteItem.find_value(key.pk, key.sk)
