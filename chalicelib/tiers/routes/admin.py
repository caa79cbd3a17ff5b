"""The staff writes the ladder, sees a member's standing, and gives a tier by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from chalicelib import audit, members
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.crypto import decrypt
from chalicelib.kernel.errors import FieldError, Invalid, NotFound, Stale, Words
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import Reason, kind
from chalicelib.kernel.web.auth import ADMIN, OPS, STAFF_ROLES
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.tiers import queries
from chalicelib.tiers.actions import grants, ladders
from chalicelib.tiers.errors import TierNotHigher
from chalicelib.tiers.routes import views
from chalicelib.tiers.routes.blueprint import tiers
from chalicelib.tiers.routes.views import LadderView, StaffStandingView
from chalicelib.tiers.rules.history import Step
from chalicelib.tiers.rules.ladder import LadderDraft
from chalicelib.tiers.rules.standing import Grant, Standing

WRITERS = (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]
# Two years, a leap day among them.
GRANTED_AT_MOST = timedelta(days=731)


class TierGrantIn(msgspec.Struct, forbid_unknown_fields=True):
    """A tier to give `until` a moment, two years ahead at most."""

    tier: Annotated[str, kind(32, pasted, None)]
    until: Annotated[datetime, msgspec.Meta(tz=True)]
    reason: Reason


@route(
    tiers, "GET", "/v1/admin/tiers",
    summary="The ladder of tiers, as it is to be written",
    roles=STAFF_ROLES, answer=LadderView, example={"answer": views.LADDER_EXAMPLE},
)  # fmt: skip
def show_ladder(_: Call) -> Reply:
    return Reply(views.ladder_view(queries.find_ladder(), queries.find_judging()))


@route(
    tiers, "PUT", "/v1/admin/tiers",
    summary="Write the ladder of tiers: all members are judged by it within some minutes",
    roles=WRITERS, body=LadderDraft, answer=LadderView, headers=IF_MATCH, may_raise=[Stale],
    example={"request": views.LADDER_REQUEST, "answer": views.LADDER_EXAMPLE},
)  # fmt: skip
def put_ladder(call: Call) -> Reply:
    act = audit.act_of(call, "tiers.change", "tiers")
    made = ladders.put_ladder(call.body, call.seen_version, act, call.now)
    return Reply(views.ladder_view(made, queries.find_judging()))


@route(
    tiers, "GET", "/v1/admin/members/{id}/tier",
    summary="A member's tier: what earned it, grants, and its history",
    roles=STAFF_ROLES, answer=StaffStandingView,
    example={"answer": views.STAFF_STANDING_EXAMPLE},
)  # fmt: skip
def show_member_tier(call: Call) -> Reply:
    return Reply(_shown(queries.find_standing(_member(call)), call))


@route(
    tiers, "POST", "/v1/admin/members/{id}/tier",
    summary="Give a member a tier above the one earned, until a moment",
    roles=WRITERS, body=TierGrantIn, answer=StaffStandingView, key=True, may_raise=[TierNotHigher],
    example={"request": {"tier": "gold", "until": "2027-11-30T16:00:00Z", "reason": "老客户关怀"},
             "answer": views.STAFF_STANDING_EXAMPLE},
)  # fmt: skip
def grant_member_tier(call: Call) -> Reply:
    member_id, asked = _member(call), call.body
    act = audit.act_of(call, "tier.grant", member_id, asked.reason)
    check = None if audit.find_act(act) else _check
    if check is not None:
        check(asked, call)
    grant = Grant(asked.tier, to_ms(asked.until))
    made, replayed = grants.grant_tier(member_id, grant, act, call.now)
    return replayable(_shown(made, call), replayed=replayed)


def _check(asked: TierGrantIn, call: Call) -> None:
    """Raises Invalid."""
    if asked.tier not in {each.key for each in queries.ladder().levels}:
        words = Words("没有这个等级", "is no tier of the ladder")
        raise Invalid(FieldError("tier", "unknown_tier", words))
    if not call.now < asked.until <= call.now + GRANTED_AT_MOST:
        words = Words("须在今后两年之内", "must be within the next two years")
        raise Invalid(FieldError("until", "out_of_range", words))


def _member(call: Call) -> str:
    """Raises NotFound."""
    found = members.find_member(member_id=call.path["id"])
    if found is None:
        raise NotFound()
    return found


def _shown(standing: Standing, call: Call) -> StaffStandingView:
    history = [(step, _reason(step)) for step in queries.history_of(standing.member_id)]
    return views.staff_standing_view(standing, queries.moment(call.now), history)


def _reason(step: Step) -> str | None:
    return None if step.reason is None else decrypt(step.reason, step.member_id).decode()
