"""China's administrative divisions, for address forms: level by level."""

from __future__ import annotations

import msgspec

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.web.http import FIVE_MINUTES, Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members.routes.addresses import DivisionCode
from chalicelib.members.routes.blueprint import members


class DivisionsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`parent` is the code of a province or of a city; without it come the provinces."""

    parent: DivisionCode | None = None


class DivisionView(msgspec.Struct):
    """A division of mainland China by its code of six digits (GB/T 2260). An address goes further
    where it `has_parts`."""

    code: str
    name: str
    has_parts: bool


class DivisionsView(msgspec.Struct):
    """Provinces, the cities of one, or the districts and counties of a city, by their codes."""

    data: list[DivisionView]


@route(
    members, "GET", "/v1/divisions",
    summary="The provinces of mainland China, the cities of one, the districts of a city",
    query=DivisionsQuery, answer=DivisionsView, may_raise=[NotFound],
    example={"answer": {"data": [{"code": "330106", "name": "西湖区", "has_parts": False}]}},
)  # fmt: skip
def list_divisions(call: Call) -> Reply:
    from chalicelib.members.rules.divisions import parts_of

    found = parts_of(call.query.parent)
    if not found:
        raise NotFound()
    return Reply(DivisionsView([DivisionView(*each) for each in found]), headers=FIVE_MINUTES)
