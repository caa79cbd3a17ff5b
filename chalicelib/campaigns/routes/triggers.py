"""Triggers for ops: defined, published and ended, each act audited."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib import audit
from chalicelib.campaigns.actions import triggers as actions
from chalicelib.campaigns.errors import TooManyTriggers
from chalicelib.campaigns.queries import triggers as queries
from chalicelib.campaigns.rules.missions import MissionTitle
from chalicelib.campaigns.rules.rewards import Reward
from chalicelib.campaigns.rules.triggers import Event, Repeats, Status, Threshold, Trigger
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery, part
from chalicelib.kernel.errors import NotAllowedInThisState, Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

trigger_admin = Blueprint(__name__)

TriggerTakers = Annotated[int, msgspec.Meta(ge=1, le=100_000_000)]
READERS, WRITERS = (AGENT, OPS, ADMIN), (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]


class TriggerDraft(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new trigger. `threshold` is the balance to reach, or days without a visit (7, 14, 30, 60,
    90 or 180). A member gets the reward once, or once in each year or month; `takers` is how many
    rewards there are."""

    title: MissionTitle
    event: Event
    reward: Reward
    threshold: Threshold | None = None
    repeats: Repeats = "once"
    takers: TriggerTakers | None = None


class TriggerChange(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Any part of a trigger that is a draft."""

    title: MissionTitle | UnsetType = UNSET
    event: Event | UnsetType = UNSET
    reward: Reward | UnsetType = UNSET
    threshold: Threshold | UnsetType | None = UNSET
    repeats: Repeats | UnsetType = UNSET
    takers: TriggerTakers | UnsetType | None = UNSET


class TriggerView(msgspec.Struct):
    """A trigger as ops define it; `taken` members have got its reward."""

    id: str
    version: int
    status: Status
    title: MissionTitle
    event: Event
    threshold: int | None
    repeats: Repeats
    reward: Reward
    takers: int | None
    taken: int | None
    created_at: str


DRAFT_EXAMPLE: dict[str, Any] = {
    "title": {"zh-CN": "好久不见", "en": "We miss you"},
    "event": "no_visit",
    "threshold": 30,
    "repeats": "year",
    "reward": {"kind": "points", "amount": 50},
    "takers": 10_000,
}
TRIGGER_EXAMPLE = {
    **DRAFT_EXAMPLE,
    "id": "trg_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "version": 1,
    "status": "draft",
    "taken": 0,
    "created_at": "2026-11-21T08:00:00Z",
}


def _view(trigger: Trigger) -> TriggerView:
    taken = None if trigger.takers is None else queries.taken_of(trigger.id)
    return shaped(TriggerView, trigger, taken=taken, created_at=rfc3339_ms(trigger.created_ms))


@route(
    trigger_admin, "GET", "/v1/admin/triggers",
    summary="List the marketing triggers",
    roles=READERS, query=PageQuery, answer=Page[TriggerView],
    example={"answer": {"data": [TRIGGER_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_triggers(call: Call) -> Reply:
    found = queries.all_triggers()
    made = part("triggers", call.query, found, lambda each: (-each.created_ms, each.id))
    return Reply(made.shown(_view))


@route(
    trigger_admin, "POST", "/v1/admin/triggers",
    summary="Create a marketing trigger, as a draft",
    roles=WRITERS, body=TriggerDraft, answer=TriggerView, status=201, key=True,
    example={"request": DRAFT_EXAMPLE, "answer": TRIGGER_EXAMPLE},
)  # fmt: skip
def create_trigger(call: Call) -> Reply:
    trigger_id, fields = call.derived_id("trg"), msgspec.structs.asdict(call.body)
    draft = Trigger(id=trigger_id, version=1, status="draft", created_ms=to_ms(call.now), **fields)
    act = audit.act_of(call, "trigger.create", trigger_id)
    return answer_of(actions.create_trigger(draft, call.content_digest, act), _view)


@route(
    trigger_admin, "PATCH", "/v1/admin/triggers/{id}",
    summary="Change a marketing trigger that is a draft",
    roles=WRITERS, body=TriggerChange, answer=TriggerView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"request": {"takers": 500}, "answer": TRIGGER_EXAMPLE},
)  # fmt: skip
def change_trigger(call: Call) -> Reply:
    trigger_id = call.path["id"]
    told = msgspec.structs.asdict(call.body)
    changes = {name: value for name, value in told.items() if value is not UNSET}
    act = audit.act_of(call, "trigger.change", trigger_id)
    return Reply(_view(actions.change_trigger(trigger_id, changes, call.seen_version, act)))


@route(
    trigger_admin, "POST", "/v1/admin/triggers/{id}/publish",
    summary="Publish a marketing trigger",
    roles=WRITERS, answer=TriggerView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState, TooManyTriggers],
    example={"answer": {**TRIGGER_EXAMPLE, "status": "live", "version": 2}},
)  # fmt: skip
def publish_trigger(call: Call) -> Reply:
    trigger_id = call.path["id"]
    act = audit.act_of(call, "trigger.publish", trigger_id)
    return Reply(_view(actions.publish_trigger(trigger_id, call.seen_version, act)))


@route(
    trigger_admin, "POST", "/v1/admin/triggers/{id}/end",
    summary="End a marketing trigger: it gives nothing more",
    roles=WRITERS, answer=TriggerView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"answer": {**TRIGGER_EXAMPLE, "status": "ended", "version": 3}},
)  # fmt: skip
def end_trigger(call: Call) -> Reply:
    trigger_id = call.path["id"]
    act = audit.act_of(call, "trigger.end", trigger_id)
    return Reply(_view(actions.end_trigger(trigger_id, call.seen_version, act)))
