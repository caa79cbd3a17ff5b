"""Who ids name, for lists that the staff reads: a nickname, a masked phone or e-mail."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import kind
from chalicelib.kernel.web.auth import STAFF_ROLES
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import queries
from chalicelib.members.routes.blueprint import members
from chalicelib.members.rules import Member

# Each is a read of its own. A page of a list has as many rows.
PEOPLE_AT_ONCE = 20


class PeopleQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Ids of members, with commas between them: 20 at most."""

    ids: Annotated[str, kind(900, pasted, None)]


class PersonView(msgspec.Struct):
    """A member or one of the staff; phone and e-mail are masked."""

    id: str
    nickname: str | None
    phone: str | None
    email: str | None


class PeopleView(msgspec.Struct):
    """People in no order; ids that name nobody are left out."""

    data: list[PersonView]


@route(
    members, "GET", "/v1/admin/people",
    summary="Who some ids name: nicknames, masked phones and e-mails",
    roles=STAFF_ROLES, query=PeopleQuery, answer=PeopleView,
    example={"answer": {"data": [
        {"id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe", "nickname": "李雷", "phone": "138****8000",
         "email": None},
    ]}},
)  # fmt: skip
def list_people(call: Call) -> Reply:
    ids = dict.fromkeys(call.query.ids.split(","))
    if len(ids) > PEOPLE_AT_ONCE:
        words = Words(f"最多 {PEOPLE_AT_ONCE} 个", f"must be {PEOPLE_AT_ONCE} at most")
        raise Invalid(FieldError("ids", "too_many", words))
    found = ((each, queries.search(member_id=each)) for each in ids)
    return Reply(PeopleView([_person(asked, each) for asked, each in found if each]))


def _person(asked_id: str, member: Member) -> PersonView:
    return PersonView(
        asked_id,
        member.nickname,
        member.phone.masked if member.phone else None,
        member.email.masked if member.email else None,
    )
