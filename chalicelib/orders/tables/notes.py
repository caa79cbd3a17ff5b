"""Notes of the staff: <order> NOTE#<at>#<id>; the text is sealed to the order."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.crypto import decrypt, encrypt
from chalicelib.kernel.store.attributes import BytesAttribute
from chalicelib.orders.rules.notes import Note
from chalicelib.orders.tables.items import OrdersItem, sortable

NOTE = "NOTE#"


def note_key(note_id: str, created_at_ms: int) -> str:
    return f"{NOTE}{sortable(created_at_ms)}#{note_id}"


class NoteItem(OrdersItem):
    text = BytesAttribute()
    by = UnicodeAttribute()

    @classmethod
    def of(cls, order_id: str, note: Note) -> NoteItem:
        text = encrypt(note.text.encode(), bound_to=order_id)
        return cls(order_id, note_key(note.id, note.created_at_ms), text=text, by=note.by)

    def value(self) -> Note:
        at, _, note_id = self.sk.removeprefix(NOTE).partition("#")
        text = decrypt(self.text, bound_to=self.pk).decode()
        return Note(note_id, text, self.by, int(at))
