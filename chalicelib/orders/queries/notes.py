"""Reads of the staff's notes."""

from __future__ import annotations

from functools import partial

from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.orders.rules.notes import Note
from chalicelib.orders.tables.notes import NOTE, NoteItem, note_key


def notes_of(order_id: str, asked: PageQuery) -> Page[Note]:
    """The notes about an order, newest first.

    Raises InvalidCursor, Unreadable.
    """
    query = partial(
        NoteItem.query,
        order_id,
        NoteItem.sk.startswith(NOTE),
        scan_index_forward=False,
        consistent_read=True,
    )
    return cursors.page(f"notes|{order_id}", asked, query, lambda item: item.value())


def find_note(order_id: str, note_id: str, created_at_ms: int) -> Note | None:
    """A note by its id and time: a retry looks for what an earlier try wrote."""
    return NoteItem.find_value(order_id, note_key(note_id, created_at_ms))
