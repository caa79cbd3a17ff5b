"""The staff notes something about an order, on the record of the audit."""

from __future__ import annotations

from chalicelib import audit
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.orders.queries.notes import find_note
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules.notes import Note
from chalicelib.orders.tables.notes import NoteItem


def add_note(order_id: str, note: Note, act: audit.Act) -> tuple[Note, bool]:
    """Add a note to an order in any state: (note, replayed).

    Raises NotFound, IdempotencyKeyReused.
    """

    def write() -> Note:
        order = get_order(order_id)
        writes = WriteSet()
        writes.put(NoteItem.of(order.id, note))
        # The words are personal: the audit keeps none of them.
        audit.record(writes, act.changing({}, {"note": note.id, "length": len(note.text)}))
        writes.commit()
        return note

    def find() -> Note | None:
        earlier = audit.find_act(act)
        return find_note(order_id, note.id, earlier.at_ms) if earlier else None

    return replay_outranks_refusal(write, find)
