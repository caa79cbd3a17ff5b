"""What the staff sees and does about a member besides points: devices, external ids, notes."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib import audit
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import ID, SYSTEM, StaffNote, kind
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions, queries, rules
from chalicelib.members.errors import ExternalIdTaken, TooManyExternalIds
from chalicelib.members.queries import externals
from chalicelib.members.routes import views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.sessions import session_view
from chalicelib.members.routes.views import SessionView

SEE_PEOPLE = (AGENT, OPS, ADMIN)
WRITERS = (OPS, ADMIN)

System = Annotated[str, kind(64, pasted, SYSTEM)]
ExternalText = Annotated[str, kind(128, pasted, ID)]


class ExternalIdIn(msgspec.Struct, forbid_unknown_fields=True):
    """A member's id in another system; a shop's system is its partner id."""

    system: System
    id: ExternalText


class ExternalIdView(msgspec.Struct):
    """A member's id in another system."""

    system: str
    id: str
    created_at: str


class ExternalIdsView(msgspec.Struct):
    """A member's ids in other systems, the one linked last first."""

    data: list[ExternalIdView]


class MemberNoteIn(msgspec.Struct, forbid_unknown_fields=True):
    text: StaffNote


class MemberNoteView(msgspec.Struct):
    """A note about a member; `by` is one of the staff. The member sees it in an export alone."""

    id: str
    text: str
    by: str
    created_at: str


EXTERNAL_EXAMPLE = {"system": "demo-shop", "id": "customer-77"}
NOTE_EXAMPLE = {
    "id": "nte_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "text": "来电确认换绑手机",
    "by": "mbr_3ndq2kzvdkwqymh6dz4wmbyziu",
    "created_at": "2026-11-21T08:00:00Z",
}
EXTERNALS_EXAMPLE = {"data": [{**EXTERNAL_EXAMPLE, "created_at": "2026-11-21T08:00:00Z"}]}


@route(
    members, "GET", "/v1/admin/members/{id}/sessions",
    summary="Where a member is signed in, newest first",
    roles=SEE_PEOPLE, query=PageQuery, answer=Page[SessionView],
    example={"answer": {"data": [{**views.SESSION_EXAMPLE, "current": False}],
                        "next_cursor": None}},
)  # fmt: skip
def list_member_sessions(call: Call) -> Reply:
    member = queries.any_member(call.path["id"])

    def live(**asked: object) -> object:
        return queries.sessions(member.id, to_ms(call.now), **asked)

    return Reply(
        page(f"sessions:{member.id}", call.query, live, session_view, leave_out_unreadable=True)
    )


@route(
    members, "GET", "/v1/admin/members/{id}/external-ids",
    summary="A member's ids in shops and other systems",
    roles=SEE_PEOPLE, answer=ExternalIdsView, example={"answer": EXTERNALS_EXAMPLE},
)  # fmt: skip
def list_external_ids(call: Call) -> Reply:
    return Reply(_ids_of(queries.any_member(call.path["id"]).id))


@route(
    members, "PUT", "/v1/admin/members/{id}/external-ids",
    summary="Link a member's id in another system; it names this member alone",
    roles=WRITERS, body=ExternalIdIn, answer=ExternalIdsView,
    may_raise=[ExternalIdTaken, TooManyExternalIds],
    example={"request": EXTERNAL_EXAMPLE, "answer": EXTERNALS_EXAMPLE},
)  # fmt: skip
def link_external_id(call: Call) -> Reply:
    member, asked = queries.any_member(call.path["id"]), call.body
    act = audit.act_of(call, "member.link_external", member.id)
    actions.link_external(member.id, asked.system, asked.id, call.now, act)
    return Reply(_ids_of(member.id))


@route(
    members, "DELETE", "/v1/admin/members/{id}/external-ids",
    summary="Unlink a member's id in another system",
    roles=WRITERS, query=ExternalIdIn, status=204, example={},
)  # fmt: skip
def unlink_external_id(call: Call) -> Reply:
    member, asked = queries.any_member(call.path["id"]), call.query
    act = audit.act_of(call, "member.unlink_external", member.id)
    actions.unlink_external(member.id, asked.system, asked.id, act)
    return Reply()


@route(
    members, "GET", "/v1/admin/members/{id}/notes",
    summary="The staff's notes about a member, newest first",
    roles=SEE_PEOPLE, query=PageQuery, answer=Page[MemberNoteView],
    example={"answer": {"data": [NOTE_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_member_notes(call: Call) -> Reply:
    member = queries.any_member(call.path["id"])
    return Reply(externals.notes_about(member.id, call.query).shown(_note_view))


@route(
    members, "POST", "/v1/admin/members/{id}/notes",
    summary="Note something about a member, for the staff",
    roles=SEE_PEOPLE, body=MemberNoteIn, answer=MemberNoteView, status=201, key=True,
    example={"request": {"text": NOTE_EXAMPLE["text"]}, "answer": NOTE_EXAMPLE},
)  # fmt: skip
def note_member(call: Call) -> Reply:
    member_id = call.path["id"]
    note = rules.StaffNote(call.derived_id("nte"), call.body.text, call.member_id, to_ms(call.now))
    act = audit.act_of(call, "member.note", member_id)
    return answer_of(actions.note_member(member_id, note, act), _note_view)


def _ids_of(member_id: str) -> ExternalIdsView:
    found = externals.external_ids(member_id)
    return ExternalIdsView(
        [ExternalIdView(each.system, each.id, rfc3339_ms(each.created_at)) for each in found]
    )


def _note_view(note: rules.StaffNote) -> MemberNoteView:
    return shaped(MemberNoteView, note)
