"""Tags that the staff gives to members, and what else campaigns know of them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit, members
from chalicelib.campaigns.actions import people as acts
from chalicelib.campaigns.queries.people import facts_of
from chalicelib.campaigns.rules.people import MOST_TAGS, MemberFacts
from chalicelib.kernel.texts import PLAIN, kind
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import MemberErased

tags_admin = Blueprint(__name__)
READERS, WRITERS = (AGENT, OPS, ADMIN), (OPS, ADMIN)

Tags = Annotated[list[Annotated[str, kind(20, form=PLAIN)]], msgspec.Meta(max_length=MOST_TAGS)]


class TagsIn(msgspec.Struct, forbid_unknown_fields=True):
    """All tags of a member: others are taken away."""

    tags: Tags


class AudiencesView(msgspec.Struct):
    """What campaigns know of a member: the staff's tags, segments and lists by their ids, and
    orders that were not returned."""

    member_id: str
    tags: list[str]
    segments: list[str]
    lists: list[str]
    orders: int


VIEW: dict[str, Any] = {
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "tags": ["vip"],
    "segments": [],
    "lists": [],
    "orders": 3,
}


@route(
    tags_admin, "GET", "/v1/admin/members/{id}/audiences",
    summary="The audiences that a member belongs to: tags, segments, lists",
    roles=READERS, answer=AudiencesView, may_raise=[MemberErased], example={"answer": VIEW},
)  # fmt: skip
def show_audiences(call: Call) -> Reply:
    return Reply(_view(facts_of(members.any_member(call.path["id"]).id)))


@route(
    tags_admin, "PUT", "/v1/admin/members/{id}/tags",
    summary="Give a member these tags, and no others",
    roles=WRITERS, body=TagsIn, answer=AudiencesView, may_raise=[MemberErased],
    example={"request": {"tags": ["vip"]}, "answer": VIEW},
)  # fmt: skip
def tag_member(call: Call) -> Reply:
    member = members.any_member(call.path["id"])
    act = audit.act_of(call, "member.tag", member.id)
    return Reply(_view(acts.set_tags(member.id, set(call.body.tags), act)))


def _view(facts: MemberFacts) -> AudiencesView:
    return AudiencesView(
        facts.member_id,
        sorted(facts.tags),
        sorted(facts.segments),
        sorted(facts.lists),
        facts.orders,
    )
