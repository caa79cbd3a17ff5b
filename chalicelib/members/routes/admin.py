"""Members for the staff: search by phone, e-mail or id, points and their history.

The staff freezes accounts in `freezing.py`, and adjusts points in `adjustments.py`.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec.structs import replace

from chalicelib import ledger
from chalicelib.kernel.cursors import Page
from chalicelib.kernel.errors import FieldError, Invalid, Words, check_exactly_one
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import Email, Phone, kind
from chalicelib.kernel.web.auth import STAFF_ROLES
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import (
    BALANCE_EXAMPLE,
    ENTRY_EXAMPLE,
    Balance,
    EntriesQuery,
    EntryView,
    PointsQuery,
    entry_view,
    history,
)
from chalicelib.members import queries
from chalicelib.members.queries.externals import external_identity
from chalicelib.members.routes import views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.points import balance_of, whole_account
from chalicelib.members.routes.views import StaffMemberView
from chalicelib.members.rules import Member

STAFF_MEMBER_EXAMPLE = {
    **{
        name: value
        for name, value in views.MEMBER_EXAMPLE.items()
        if name not in ("consent", "birthday")
    },
    "status": "active",
    "points": BALANCE_EXAMPLE,
}


class MemberSearch(msgspec.Struct, forbid_unknown_fields=True):
    """Exactly one of phone, e-mail, id and external id; a phone number without a country code is
    Chinese. `external_id` takes the `system` whose id it is."""

    phone: Phone | None = None
    email: Email | None = None
    id: Annotated[str, kind(128, pasted, None)] | None = None
    external_id: Annotated[str, kind(128, pasted, None)] | None = None
    system: Annotated[str, kind(64, pasted, None)] | None = None


@route(
    members, "GET", "/v1/admin/members",
    summary="Find the member with exactly this phone, e-mail, id or external id",
    roles=STAFF_ROLES, query=MemberSearch, answer=Page[StaffMemberView],
    example={"answer": {"data": [STAFF_MEMBER_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def search_members(call: Call) -> Reply:
    asked: MemberSearch = call.query
    given = {"phone": asked.phone, "email": asked.email, "id": asked.id}
    check_exactly_one("", **given, external_id=asked.external_id)
    found = queries.search(member_id=_id_asked(asked), phone=asked.phone, email=asked.email)
    return Reply(Page([staff_view(found, call)] if found else [], None))


@route(
    members, "GET", "/v1/admin/members/{id}",
    summary="Any member: profile, points, whether the account is frozen",
    roles=STAFF_ROLES, answer=StaffMemberView, example={"answer": STAFF_MEMBER_EXAMPLE},
)  # fmt: skip
def show_member(call: Call) -> Reply:
    member_id = call.path["id"]
    member = queries.any_member(member_id)
    if member.id == member_id:
        return Reply(staff_view(member, call))
    # An old id shows the person, with what is left under it.
    view = staff_view(member._replace(id=member_id), call)
    return Reply(replace(view, status="merged", merged_into=member.id, merged_from=[]))


@route(
    members, "GET", "/v1/admin/members/{id}/points",
    summary="A member's balance of a unit, now or at a past moment",
    roles=STAFF_ROLES, query=PointsQuery, answer=Balance, example={"answer": BALANCE_EXAMPLE},
)  # fmt: skip
def show_member_points(call: Call) -> Reply:
    # An old id keeps its history.
    queries.any_member(call.path["id"])
    return Reply(balance_of(call.path["id"], call))


@route(
    members, "GET", "/v1/admin/members/{id}/points/entries",
    summary="The history of a member's points, newest first",
    roles=STAFF_ROLES, query=EntriesQuery, answer=Page[EntryView],
    example={"answer": {"data": [ENTRY_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_member_entries(call: Call) -> Reply:
    asked: EntriesQuery = call.query
    queries.any_member(call.path["id"])
    return Reply(
        history(
            ledger.account_of(call.path["id"], asked.unit),
            asked,
            entry_type=asked.type,
            since=asked.since,
            until=asked.to,
            view=entry_view,
        )
    )


def _id_asked(asked: MemberSearch) -> str | None:
    """The id asked for, or that of the member who has the external id; empty if nobody has.

    Raises Invalid naming `system`.
    """
    if (asked.external_id is None) != (asked.system is None):
        words = Words("须与 external_id 一同给出", "goes with external_id")
        raise Invalid(FieldError("system", "goes_with_external_id", words))
    if asked.external_id is None or asked.system is None:
        return asked.id
    return queries.member_with(external_identity(asked.system, asked.external_id)) or ""


def staff_view(member: Member, call: Call) -> StaffMemberView:
    return views.staff_member_view(member, whole_account(member.id, ledger.POINTS), call.now)
