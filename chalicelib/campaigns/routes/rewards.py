"""Rewards of members: what comes; for the staff what could not be paid, and the closing runs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib import audit, coupons
from chalicelib.campaigns.actions import rewards as actions
from chalicelib.campaigns.errors import RewardNotRefused
from chalicelib.campaigns.queries import missions as mission_queries
from chalicelib.campaigns.queries import rewards as queries
from chalicelib.campaigns.rules.closings import Closing
from chalicelib.campaigns.rules.rewards import UNITS, Kind, Promise, Reward, State, When
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.money import spoken
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import ID, STAFF_ID
from chalicelib.kernel.texts import kind as text_of
from chalicelib.kernel.web.auth import ADMIN, AGENT, MEMBER, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.kernel.words import Words
from chalicelib.ledger import REBATE_CASH, UNIT_NAMES

reward_routes = Blueprint(__name__)

READERS = (AGENT, OPS, ADMIN)
MemberId = Annotated[str, text_of(64, pasted, STAFF_ID)]
RewardReference = Annotated[str, text_of(200, pasted, ID)]


class RewardView(msgspec.Struct):
    """What a reward gives: `amount` points, growth or minor units of rebate cash, or a coupon;
    `text` says it in words."""

    kind: Kind
    text: str
    amount: int | None
    template_id: str | None
    when: When


class ComingView(msgspec.Struct):
    """A reward that comes: `title` names what gave it, `pays_at` is when it is paid."""

    source: str
    title: str | None
    reward: RewardView
    pays_at: str
    earned_at: str


class ComingListView(msgspec.Struct):
    """The rewards that come, the soonest first."""

    data: list[ComingView]


class AdminRewardView(msgspec.Struct):
    """A reward of a member: `amount` is what it is worth now, `paid` what the member has of it."""

    member_id: str
    reference: str
    source: str
    reward: RewardView
    status: State
    refused: str | None
    amount: int
    paid: int
    period: str | None
    pays_at: str
    earned_at: str
    version: int


class AdminRewardsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """The rewards that could not be paid, or all of a member."""

    member_id: MemberId | None = None


class ClosingView(msgspec.Struct):
    """The rewards of a kind in a period: how many are earned and what they are worth, of how many
    something is paid and how much, how many were refused. It is `open` until the period is over,
    `closing` while something is unpaid, and `closed`."""

    period: str
    kind: Kind
    status: str
    until: str
    earned: int
    worth: int
    paid: int
    amount: int
    refused: int


class ClosingsView(msgspec.Struct):
    """The sums of the closing runs, the last period first."""

    data: list[ClosingView]


REWARD_EXAMPLE = {
    "kind": "points",
    "text": "100 积分",
    "amount": 100,
    "template_id": None,
    "when": "month",
}
COMING_EXAMPLE = {
    "source": "mission:mis_5c3bqbzkmvnl2hwmbkqk5pnjhm", "title": "每月三单",
    "reward": REWARD_EXAMPLE, "pays_at": "2026-11-30T16:00:00Z",
    "earned_at": "2026-11-21T08:00:00Z",
}  # fmt: skip
ADMIN_EXAMPLE = {
    "member_id": "mbr_kq3vmtz5yzq2lr4b7xw6p2c5ne",
    "reference": "mission:mis_5c3bqbzkmvnl2hwmbkqk5pnjhm:2026-11",
    "source": "mission:mis_5c3bqbzkmvnl2hwmbkqk5pnjhm", "reward": REWARD_EXAMPLE,
    "status": "coming", "refused": None, "amount": 100, "paid": 0, "period": "2026-11",
    "pays_at": "2026-11-30T16:00:00Z", "earned_at": "2026-11-21T08:00:00Z", "version": 1,
}  # fmt: skip
CLOSING_EXAMPLE = {
    "period": "2026-11",
    "kind": "points",
    "status": "closed",
    "until": "2026-11-30T16:00:00Z",
    "earned": 120,
    "worth": 12_000,
    "paid": 120,
    "amount": 12_000,
    "refused": 0,
}


def reward_view(reward: Reward, language: str) -> RewardView:
    text = words_of(reward, language)
    return RewardView(reward.kind, text, reward.amount or None, reward.template_id, reward.when)


def words_of(reward: Reward, language: str) -> str:
    """What a reward gives, in words."""
    if reward.kind == REBATE_CASH:
        shown = spoken(reward.amount, config().currency, language)
        return f"{shown} rebate" if language == "en" else f"返利 {shown}"
    if reward.kind in UNITS:
        name = UNIT_NAMES[reward.kind].in_language(language)
        return f"{reward.amount} {name}"
    found = coupons.find_template(reward.template_id or "")
    return found.title.in_language(language) if found else _COUPON.in_language(language)


_COUPON = Words("优惠券", "A coupon")


@route(
    reward_routes, "GET", "/v1/me/rewards",
    summary="The rewards that come to me, and when they are paid",
    roles=[MEMBER], answer=ComingListView, example={"answer": {"data": [COMING_EXAMPLE]}},
)  # fmt: skip
def list_coming_rewards(call: Call) -> Reply:
    found = queries.coming(call.member_id)
    return Reply(ComingListView([_coming_view(each, call.language) for each in found]))


def _coming_view(promise: Promise, language: str) -> ComingView:
    return ComingView(
        source=promise.source,
        title=_title_of(promise.source, language),
        reward=reward_view(promise.reward, language),
        pays_at=rfc3339_ms(promise.due_at_ms),
        earned_at=rfc3339_ms(promise.at_ms),
    )


def _title_of(source: str, language: str) -> str | None:
    kind, _, name = source.partition(":")
    found = mission_queries.find_item(name) if kind == "mission" else None
    return found.value().title.in_language(language) if found else None


def admin_view(promise: Promise, language: str) -> AdminRewardView:
    return AdminRewardView(
        member_id=promise.member_id,
        reference=promise.reference,
        source=promise.source,
        reward=reward_view(promise.reward, language),
        status=promise.state,
        refused=promise.refused,
        amount=promise.amount,
        paid=promise.paid,
        period=promise.period,
        pays_at=rfc3339_ms(promise.due_at_ms),
        earned_at=rfc3339_ms(promise.at_ms),
        version=promise.version,
    )


@route(
    reward_routes, "GET", "/v1/admin/rewards",
    summary="List the rewards that could not be paid, or those of a member",
    roles=READERS, query=AdminRewardsQuery, answer=Page[AdminRewardView],
    example={"answer": {"data": [ADMIN_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_admin_rewards(call: Call) -> Reply:
    asked = call.query
    if asked.member_id is not None:
        found = queries.page_of(asked.member_id, asked)
    else:
        found = queries.refused(asked)
    return Reply(found.shown(lambda each: admin_view(each, call.language)))


class RewardNamed(msgspec.Struct, forbid_unknown_fields=True):
    """A reward of a member, by its reference."""

    member_id: MemberId
    reference: RewardReference


@route(
    reward_routes, "POST", "/v1/admin/rewards/retries",
    summary="Pay a reward again that could not be paid, such as once a coupon is there again",
    roles=(OPS, ADMIN), body=RewardNamed, answer=AdminRewardView, status=201, key=True,
    may_raise=[NotFound, RewardNotRefused],
    example={
        "request": {
            "member_id": ADMIN_EXAMPLE["member_id"], "reference": ADMIN_EXAMPLE["reference"],
        },
        "answer": {**ADMIN_EXAMPLE, "status": "paid", "paid": 100, "version": 3},
    },
)  # fmt: skip
def retry_reward(call: Call) -> Reply:
    told = call.body
    act = audit.act_of(call, "reward.retry", f"{told.member_id}:{told.reference}")
    done = actions.retry(told.member_id, told.reference, act, call.now)
    return answer_of(done, lambda each: admin_view(each, call.language))


@route(
    reward_routes, "GET", "/v1/admin/reward-periods",
    summary="The sums of rewards by month and quarter, and how far their closing runs are",
    roles=READERS, answer=ClosingsView, example={"answer": {"data": [CLOSING_EXAMPLE]}},
)  # fmt: skip
def list_reward_periods(call: Call) -> Reply:
    return Reply(ClosingsView([_closing_view(each, call.now) for each in queries.closings()]))


def _closing_view(closing: Closing, now: datetime) -> ClosingView:
    sums = closing.sums
    is_over = closing.until_ms <= to_ms(now)
    is_paid = sums.paid + sums.refused >= sums.earned
    return ClosingView(
        period=closing.period,
        kind=closing.kind,  # type: ignore[arg-type]
        status=("closed" if is_paid else "closing") if is_over else "open",
        until=rfc3339_ms(closing.until_ms),
        earned=sums.earned,
        worth=sums.worth,
        paid=sums.paid,
        amount=sums.amount,
        refused=sums.refused,
    )
