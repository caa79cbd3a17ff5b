"""Notes of the staff: <order> NOTE#<at>#<id>; the text is sealed to the order."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.crypto import decrypt, encrypt
from chalicelib.kernel.store.attributes import BytesAttribute
from chalicelib.orders.rules.notes import Note
from chalicelib.orders.tables.items import OrdersItem, sortable

NOTE = "NOTE#"


class NoteItem(OrdersItem):
    text = BytesAttribute()
    by = UnicodeAttribute()

    @classmethod
    def of(cls, order_id: str, note: Note) -> NoteItem:
        sort_key = f"{NOTE}{sortable(note.created_at_ms)}#{note.id}"
        text = encrypt(note.text.encode(), bound_to=order_id)
        return cls(order_id, sort_key, text=text, by=note.by)

    def value(self) -> Note:
        at, _, note_id = self.sk.removeprefix(NOTE).partition("#")
        text = decrypt(self.text, bound_to=self.pk).decode()
        return Note(note_id, text, self.by, int(at))
