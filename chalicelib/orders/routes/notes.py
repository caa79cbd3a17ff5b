"""Notes about orders, by the staff and for the staff alone."""

from __future__ import annotations

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import StaffNote
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import notes
from chalicelib.orders.queries import notes as queries
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.routes import examples
from chalicelib.orders.routes.act_requests import REVIEWERS, SEE_PEOPLE
from chalicelib.orders.rules.notes import Note

order_notes = Blueprint(__name__)


class NoteIn(msgspec.Struct, forbid_unknown_fields=True):
    text: StaffNote


class NoteView(msgspec.Struct):
    """A note about an order; `by` is one of the staff. Members never see it."""

    id: str
    text: str
    by: str
    created_at: str


@route(
    order_notes, "GET", "/v1/admin/orders/{id}/notes",
    summary="The staff's notes about an order, newest first",
    roles=SEE_PEOPLE, query=PageQuery, answer=Page[NoteView],
    example={"answer": {"data": [examples.NOTE], "next_cursor": None}},
)  # fmt: skip
def list_order_notes(call: Call) -> Reply:
    order = get_order(call.path["id"])
    return Reply(queries.notes_of(order.id, call.query).shown(_view))


@route(
    order_notes, "POST", "/v1/admin/orders/{id}/notes",
    summary="Note something about an order, for the staff alone",
    roles=REVIEWERS, body=NoteIn, answer=NoteView, status=201, key=True,
    example={"request": {"text": "已电话确认，周五送货"}, "answer": examples.NOTE},
)  # fmt: skip
def note_order(call: Call) -> Reply:
    order_id = call.path["id"]
    note = Note(call.derived_id("nte"), call.body.text, call.member_id, to_ms(call.now))
    act = audit.act_of(call, "order.note", order_id)
    return answer_of(notes.add_note(order_id, note, act), _view)


def _view(note: Note) -> NoteView:
    return shaped(NoteView, note)
