"""Places: for visitors, for members, and for the staff with their counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib import audit
from chalicelib.campaigns.actions import places as actions
from chalicelib.campaigns.errors import TooManyPlaces
from chalicelib.campaigns.queries import places as queries
from chalicelib.campaigns.routes import place_views as views
from chalicelib.campaigns.rules.places import (
    PlaceChange,
    PlaceDraft,
    PlaceKind,
    PlaceStatus,
)
from chalicelib.kernel.clock import program_day
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import ID, kind
from chalicelib.kernel.web.auth import ADMIN, AGENT, FINANCE, MEMBER, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

places = Blueprint(__name__)
READERS, WRITERS = (AGENT, OPS, FINANCE, ADMIN), (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]
ONE_MINUTE = {"Cache-Control": "public, max-age=60"}

PlaceId = Annotated[str, kind(64, pasted, ID)]
PlaceIds = Annotated[list[PlaceId], Meta(max_length=20)]


class SeenIn(msgspec.Struct, forbid_unknown_fields=True):
    """Ids of places that came into view on a page, and that were followed."""

    views: PlaceIds = []
    clicks: PlaceIds = []


class PlacesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """All places, or those of a kind or status."""

    kind: PlaceKind | None = None
    status: PlaceStatus | None = None


class CountsQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The last `days` of the program, today among them."""

    days: Annotated[Literal[7, 30, 90], Meta(description="7, 30 or 90")] = 30


@route(
    places, "GET", "/v1/places",
    summary="What the pages show to a visitor now: banners, entries, announcements, dates",
    answer=views.PlacesView, example={"answer": views.SHOWN},
)  # fmt: skip
def show_places(call: Call) -> Reply:
    found = queries.places_of_visitors(call.now)
    return Reply(views.places_view(found, call.language), headers=ONE_MINUTE)


@route(
    places, "GET", "/v1/me/places",
    summary="What the pages show to me now",
    roles=[MEMBER], answer=views.PlacesView, example={"answer": views.SHOWN},
)  # fmt: skip
def show_my_places(call: Call) -> Reply:
    found = queries.places_for(call.member_id, call.now)
    return Reply(views.places_view(found, call.language))


@route(
    places, "POST", "/v1/places/counts",
    summary="Count places that were seen and followed; unknown ones count nothing",
    body=SeenIn, status=204,
    example={"request": {"views": [views.EXAMPLE["id"]], "clicks": []}},
)  # fmt: skip
def count_places(call: Call) -> Reply:
    body: SeenIn = call.body
    actions.count_seen(body.views, body.clicks, call.now)
    return Reply(None, status=204)


@route(
    places, "POST", "/v1/admin/places",
    summary="Create a place",
    roles=WRITERS, body=PlaceDraft, answer=views.AdminPlaceView, status=201, key=True,
    may_raise=[TooManyPlaces], example={"request": views.DRAFT, "answer": views.ADMIN},
)  # fmt: skip
def create_place(call: Call) -> Reply:
    place_id = call.derived_id("plc")
    act = audit.act_of(call, "place.create", place_id)
    made = actions.create_place(call.body, place_id, call.content_digest, act, call.now)
    return answer_of(made, views.admin_view)


@route(
    places, "GET", "/v1/admin/places",
    summary="List all places, newest first",
    roles=READERS, query=PlacesQuery, answer=Page[views.AdminPlaceView],
    example={"answer": {"data": [views.ADMIN], "next_cursor": None}},
)  # fmt: skip
def list_places(call: Call) -> Reply:
    asked: PlacesQuery = call.query
    return Reply(queries.list_places(asked, asked.kind, asked.status).shown(views.admin_view))


@route(
    places, "GET", "/v1/admin/places/{id}",
    summary="Show a place",
    roles=READERS, answer=views.AdminPlaceView, example={"answer": views.ADMIN},
)  # fmt: skip
def show_place(call: Call) -> Reply:
    return Reply(views.admin_view(queries.find_place_item(call.path["id"]).place))


@route(
    places, "PATCH", "/v1/admin/places/{id}",
    summary="Change any part of a place; pages show it within a minute",
    roles=WRITERS, body=PlaceChange, answer=views.AdminPlaceView, headers=IF_MATCH,
    may_raise=[Stale],
    example={"request": {"status": "published"},
             "answer": {**views.ADMIN, "version": 2, "status": "published"}},
)  # fmt: skip
def change_place(call: Call) -> Reply:
    act = audit.act_of(call, "place.change", call.path["id"])
    return Reply(
        views.admin_view(actions.change_place(call.path["id"], call.body, call.seen_version, act))
    )


@route(
    places, "GET", "/v1/admin/places/{id}/counts",
    summary="How often a place was seen and followed, by day",
    roles=READERS, query=CountsQuery, answer=views.PlaceCountsView, may_raise=[NotFound],
    example={"answer": {"days": [{"day": "2026-11-30", "views": 120, "clicks": 9}],
                        "views": 120, "clicks": 9}},
)  # fmt: skip
def show_place_counts(call: Call) -> Reply:
    asked: CountsQuery = call.query
    place, today = queries.find_place_item(call.path["id"]).place, program_day(call.now)
    first = today - timedelta(days=asked.days - 1)
    return Reply(views.counts_view(queries.counts_of(place.id, first, today)))
