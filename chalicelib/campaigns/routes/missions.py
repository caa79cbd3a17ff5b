"""Missions of members: the list with their progress, and the claims."""

from __future__ import annotations

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.campaigns.actions import mission_claims as actions
from chalicelib.campaigns.errors import (
    MissionAlreadyClaimed,
    MissionClosed,
    MissionNotReached,
    MissionRewardsGone,
)
from chalicelib.campaigns.queries import missions as queries
from chalicelib.campaigns.queries import rewards as reward_queries
from chalicelib.campaigns.routes.rewards import REWARD_EXAMPLE, RewardView, reward_view
from chalicelib.campaigns.rules import progress as rules
from chalicelib.campaigns.rules.missions import Calendar, Metric, Mission
from chalicelib.campaigns.rules.progress import CLAIMABLE, Progress, State
from chalicelib.campaigns.rules.rewards import State as RewardState
from chalicelib.campaigns.tables.missions import MissionClaimItem
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.texts import ID
from chalicelib.kernel.texts import kind as text_of
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

mission_routes = Blueprint(__name__)


class MissionView(msgspec.Struct):
    """A mission for a member: `value` of `count` are done. `status` is `open`, `claimable`, `done`
    (taken), `gone` (all rewards are taken) or `lapsed`. `left` rewards are there, null without a
    limit; `is_claimed`: the reward is to be claimed, until `claim_until`."""

    id: str
    title: str
    text: str
    metric: Metric
    value: int
    count: int
    status: State
    period: str
    calendar: Calendar
    until: str | None
    claim_until: str | None
    is_claimed: bool
    left: int | None
    reward: RewardView


class MissionsView(msgspec.Struct):
    """The missions that are open to the member, or to be claimed."""

    data: list[MissionView]


class MissionClaimBody(msgspec.Struct, forbid_unknown_fields=True):
    """The period whose reward is claimed; the present one if silent."""

    period: Annotated[str, text_of(16, form=ID)] | None = None


class MissionClaimView(msgspec.Struct):
    """A claim; its reward is `paid`, or `coming` at `pays_at`."""

    id: str
    mission_id: str
    period: str
    reward: RewardView
    status: RewardState
    pays_at: str
    created_at: str


MISSION_EXAMPLE = {
    "id": "mis_5c3bqbzkmvnl2hwmbkqk5pnjhm", "title": "每月三单",
    "text": "本月兑换三次，得 100 积分", "metric": "orders", "value": 2, "count": 3,
    "status": "open", "period": "2026-11",
    "calendar": "month", "until": "2026-11-30T16:00:00Z", "claim_until": "2026-12-30T16:00:00Z",
    "is_claimed": True, "left": 98, "reward": REWARD_EXAMPLE,
}  # fmt: skip
# Later than any period: a mission without an end has none.
_NO_END_MS = 2**53


@route(
    mission_routes, "GET", "/v1/me/missions",
    summary="My missions, and how far I am with each",
    roles=[MEMBER], answer=MissionsView, example={"answer": {"data": [MISSION_EXAMPLE]}},
)  # fmt: skip
def list_missions(call: Call) -> Reply:
    own: dict[str, list[Progress]] = {}
    for each in queries.all_progress(call.member_id):
        own.setdefault(each.mission_id, []).append(each)
    shown = []
    for mission in queries.counting():
        found = _periods(mission, own.get(mission.id, []), call)
        if found and queries.is_for(mission, call.member_id):
            shown += [_view(mission, each, call) for each in found]
    return Reply(MissionsView(shown))


def _periods(mission: Mission, own: list[Progress], call: Call) -> list[Progress]:
    """The progress of now if the mission is open, and of earlier periods what can be claimed."""
    now_ms = to_ms(call.now)
    found = [each for each in own if rules.state_of(mission, each, now_ms) == CLAIMABLE]
    if mission.is_open(now_ms):
        present = queries.progress_in(call.member_id, mission, call.now, own)
        found = [each for each in found if each.period != present.period] + [present]
    return found


def _view(mission: Mission, progress: Progress, call: Call) -> MissionView:
    left = None
    if mission.takers is not None:
        left = max(0, mission.takers - queries.taken_of(mission.id))
    has_end = progress.until_ms < _NO_END_MS
    return MissionView(
        id=mission.id,
        title=mission.title.in_language(call.language),
        text=mission.text.in_language(call.language),
        metric=mission.goal.metric,
        value=progress.value,
        count=mission.goal.count,
        status=rules.state_of(mission, progress, to_ms(call.now)),
        period=progress.period,
        calendar=mission.period,
        until=rfc3339_ms(progress.until_ms) if has_end else None,
        claim_until=rfc3339_ms(rules.claim_until_ms(progress)) if has_end else None,
        is_claimed=mission.is_claimed,
        left=left,
        reward=reward_view(mission.reward, call.language),
    )


@route(
    mission_routes, "POST", "/v1/me/missions/{id}/claims",
    summary="Claim the reward of a mission that I have completed",
    roles=[MEMBER], consent=True, body=MissionClaimBody, body_required=False,
    answer=MissionClaimView, status=201, key=True,
    may_raise=[MissionNotReached, MissionAlreadyClaimed, MissionRewardsGone, MissionClosed],
    example={"request": {"period": "2026-11"}, "answer": {
        "id": "mcl_5c3bqbzkmvnl2hwmbkqk5pnjhm", "mission_id": MISSION_EXAMPLE["id"],
        "period": "2026-11", "reward": REWARD_EXAMPLE, "status": "coming",
        "pays_at": "2026-11-30T16:00:00Z", "created_at": "2026-11-21T08:00:00Z",
    }},
)  # fmt: skip
def claim_mission(call: Call) -> Reply:
    asked = actions.Asked(
        call.derived_id("mcl"),
        call.content_digest,
        call.member_id,
        call.path["id"],
        call.body.period,
    )
    return answer_of(actions.claim(asked, call.now), lambda item: _claim_view(item, call))


def _claim_view(item: MissionClaimItem, call: Call) -> MissionClaimView:
    reference = rules.reference_of(item.mission_id, item.period)
    promise = reward_queries.find_promise(item.member_id, reference)
    assert promise is not None, "a claim has its reward"
    return MissionClaimView(
        id=item.id,
        mission_id=item.mission_id,
        period=item.period,
        reward=reward_view(promise.reward, call.language),
        status=promise.state,
        pays_at=rfc3339_ms(promise.due_at_ms),
        created_at=rfc3339_ms(item.at),
    )
