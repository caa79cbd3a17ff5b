"""Reads of the staff's notes."""

from __future__ import annotations

from functools import partial

from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.orders.rules.notes import Note
from chalicelib.orders.tables.notes import NOTE, NoteItem


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


def find_note(order_id: str, note_id: str) -> Note | None:
    """A note by its id: a retry looks for what an earlier try wrote."""
    found = NoteItem.query(order_id, NoteItem.sk.startswith(NOTE), consistent_read=True)
    return next((item.value() for item in found if item.sk.endswith(f"#{note_id}")), None)
