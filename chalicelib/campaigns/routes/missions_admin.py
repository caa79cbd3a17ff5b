"""Missions for ops: defined, published and ended, each act audited."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib import audit
from chalicelib.campaigns.actions import missions as actions
from chalicelib.campaigns.errors import TooManyMissions
from chalicelib.campaigns.queries import missions as queries
from chalicelib.campaigns.rules.definitions import EVERYBODY, Audience
from chalicelib.campaigns.rules.missions import (
    Calendar,
    Goal,
    Mission,
    MissionText,
    MissionTitle,
    Status,
)
from chalicelib.campaigns.rules.rewards import Reward
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery, part
from chalicelib.kernel.errors import NotAllowedInThisState, Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

mission_admin = Blueprint(__name__)

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Takers = Annotated[int, msgspec.Meta(ge=1, le=100_000_000)]
READERS = (AGENT, OPS, ADMIN)
WRITERS = (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]


class MissionWindow(msgspec.Struct, forbid_unknown_fields=True):
    """From when until when a mission counts; null is no end, which a fixed period must have."""

    from_: Instant | None = msgspec.field(default=None, name="from")
    until: Instant | None = None


class MissionParts(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Parts of a mission. In each `period` it is counted anew. `claimed`: members claim the reward,
    else it is given by itself. `takers` is how many rewards there are; null is no limit."""

    text: MissionText | UnsetType = UNSET
    period: Calendar | UnsetType = UNSET
    valid: MissionWindow | UnsetType = UNSET
    audience: Audience | UnsetType = UNSET
    claimed: bool | UnsetType = UNSET
    takers: Takers | UnsetType | None = UNSET


class MissionDraft(MissionParts, forbid_unknown_fields=True, kw_only=True):
    """A new mission: it is a draft until it is published."""

    title: MissionTitle
    goal: Goal
    reward: Reward


class MissionChange(MissionParts, forbid_unknown_fields=True, kw_only=True):
    """Any part of a mission; of one that is live, all that its progress does not depend on."""

    title: MissionTitle | UnsetType = UNSET
    goal: Goal | UnsetType = UNSET
    reward: Reward | UnsetType = UNSET


class AdminMissionView(msgspec.Struct):
    """A mission as ops define it. What is done counts from `counts_from` on; `taken` rewards were
    taken so far."""

    id: str
    version: int
    status: Status
    title: MissionTitle
    text: MissionText
    goal: Goal
    reward: Reward
    period: Calendar
    valid: MissionWindow
    audience: Audience
    claimed: bool
    takers: int | None
    taken: int
    counts_from: str | None
    created_at: str


class AdminMissionsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """All missions, or those in one state."""

    status: Status | None = None


DRAFT_EXAMPLE: dict[str, Any] = {
    "title": {"zh-CN": "每月三单", "en": "Three orders a month"},
    "text": {"zh-CN": "本月兑换三次，得 100 积分", "en": "Redeem three times this month."},
    "goal": {"metric": "orders", "count": 3, "least_points": 100},
    "reward": {"kind": "points", "amount": 100, "when": "month"},
    "period": "month", "valid": {"from": None, "until": "2027-01-01T00:00:00Z"},
    "audience": {"all": True}, "claimed": True, "takers": 1000,
}  # fmt: skip
MISSION_EXAMPLE = {
    **DRAFT_EXAMPLE,
    "id": "mis_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "version": 1,
    "status": "draft",
    "taken": 0,
    "counts_from": None,
    "created_at": "2026-11-21T08:00:00Z",
}
LIVE_EXAMPLE = {**MISSION_EXAMPLE, "status": "live", "counts_from": "2026-11-21T08:00:10Z"}


def _view(mission: Mission) -> AdminMissionView:
    begins = mission.counts_from_ms
    return shaped(
        AdminMissionView,
        mission,
        valid=MissionWindow(_at(mission.from_ms), _at(mission.until_ms)),
        claimed=mission.is_claimed,
        taken=queries.taken_of(mission.id),
        counts_from=None if begins is None else rfc3339_ms(begins),
        created_at=rfc3339_ms(mission.created_ms),
    )


def _at(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromisoformat(rfc3339_ms(ms))


def _given(parts: MissionParts) -> dict[str, Any]:
    """The fields of a mission that a body gives."""
    told = {name: getattr(parts, name) for name in parts.__struct_fields__}
    given = {name: value for name, value in told.items() if value is not UNSET}
    if (window := given.pop("valid", None)) is not None:
        given["from_ms"] = None if window.from_ is None else to_ms(window.from_)
        given["until_ms"] = None if window.until is None else to_ms(window.until)
    if "claimed" in given:
        given["is_claimed"] = given.pop("claimed")
    return given


@route(
    mission_admin, "GET", "/v1/admin/missions",
    summary="List the missions",
    roles=READERS, query=AdminMissionsQuery, answer=Page[AdminMissionView],
    example={"answer": {"data": [MISSION_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_admin_missions(call: Call) -> Reply:
    asked = call.query
    found = [each for each in queries.all_missions() if asked.status in (None, each.status)]
    made = part(f"missions:{asked.status}", asked, found, lambda each: (-each.created_ms, each.id))
    return Reply(made.shown(_view))


@route(
    mission_admin, "POST", "/v1/admin/missions",
    summary="Create a mission, as a draft",
    roles=WRITERS, body=MissionDraft, answer=AdminMissionView, status=201, key=True,
    example={"request": DRAFT_EXAMPLE, "answer": MISSION_EXAMPLE},
)  # fmt: skip
def create_mission(call: Call) -> Reply:
    mission_id = call.derived_id("mis")
    fields = {"audience": EVERYBODY, **_given(call.body)}
    draft = Mission(id=mission_id, version=1, status="draft", created_ms=to_ms(call.now), **fields)
    act = audit.act_of(call, "mission.create", mission_id)
    return answer_of(actions.create_mission(draft, call.content_digest, act), _view)


@route(
    mission_admin, "GET", "/v1/admin/missions/{id}",
    summary="Show a mission",
    roles=READERS, answer=AdminMissionView, example={"answer": MISSION_EXAMPLE},
)  # fmt: skip
def show_mission(call: Call) -> Reply:
    return Reply(_view(queries.get_item(call.path["id"]).value()))


@route(
    mission_admin, "PATCH", "/v1/admin/missions/{id}",
    summary="Change a mission; once it is live, what its progress does not depend on",
    roles=WRITERS, body=MissionChange, answer=AdminMissionView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"request": {"takers": 2000}, "answer": MISSION_EXAMPLE},
)  # fmt: skip
def change_mission(call: Call) -> Reply:
    mission_id = call.path["id"]
    act = audit.act_of(call, "mission.change", mission_id)
    changes = _given(call.body)
    now_ms = to_ms(call.now)
    return Reply(_view(actions.change_mission(mission_id, changes, call.seen_version, now_ms, act)))


@route(
    mission_admin, "POST", "/v1/admin/missions/{id}/publish",
    summary="Publish a mission: it counts from ten seconds later on",
    roles=WRITERS, answer=AdminMissionView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState, TooManyMissions],
    example={"answer": LIVE_EXAMPLE},
)  # fmt: skip
def publish_mission(call: Call) -> Reply:
    mission_id = call.path["id"]
    act = audit.act_of(call, "mission.publish", mission_id)
    done = actions.publish_mission(mission_id, call.seen_version, to_ms(call.now), act)
    return Reply(_view(done))


@route(
    mission_admin, "POST", "/v1/admin/missions/{id}/end",
    summary="End a mission: it counts nothing more, and what was reached can be claimed",
    roles=WRITERS, answer=AdminMissionView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"answer": {**LIVE_EXAMPLE, "status": "ended"}},
)  # fmt: skip
def end_mission(call: Call) -> Reply:
    mission_id = call.path["id"]
    act = audit.act_of(call, "mission.end", mission_id)
    done = actions.end_mission(mission_id, call.seen_version, to_ms(call.now), act)
    return Reply(_view(done))
