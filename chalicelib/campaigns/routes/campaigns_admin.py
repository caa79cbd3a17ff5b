"""Campaigns for ops: drafts, versions, publishing with a second person's approval, the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.campaigns.actions import campaigns as acts
from chalicelib.campaigns.errors import CampaignBudgetSpent, TooManyCampaigns
from chalicelib.campaigns.queries import campaigns as queries
from chalicelib.campaigns.queries.previews import warnings_of
from chalicelib.campaigns.routes import campaign_views as views
from chalicelib.campaigns.routes.campaign_views import (
    CampaignDetail,
    CampaignRow,
    CampaignsQuery,
    CampaignWarning,
)
from chalicelib.campaigns.rules.changes import CampaignChange
from chalicelib.campaigns.rules.costs import most_cost, needs_another
from chalicelib.campaigns.rules.definitions import CampaignDraft
from chalicelib.campaigns.rules.records import CampaignRecord
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import Page
from chalicelib.kernel.errors import NotAllowedInThisState, Stale
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import SecondPersonRequired

campaigns_admin = Blueprint(__name__)

READERS = (AGENT, OPS, ADMIN)
WRITERS = (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]
Step = Callable[[str, int, Act, datetime], CampaignRecord]
_step_route = partial(
    route,
    campaigns_admin,
    "POST",
    roles=WRITERS,
    answer=CampaignDetail,
    headers=IF_MATCH,
)


@route(
    campaigns_admin, "GET", "/v1/admin/campaigns",
    summary="List the campaigns of a status, the newest first",
    roles=READERS, query=CampaignsQuery, answer=Page[CampaignRow],
    example={"answer": {"data": [views.ROW], "next_cursor": None}},
)  # fmt: skip
def list_all_campaigns(call: Call) -> Reply:
    asked: CampaignsQuery = call.query
    return Reply(queries.list_campaigns(asked.status, asked).shown(views.row_of))


@route(
    campaigns_admin, "POST", "/v1/admin/campaigns",
    summary="Draft a campaign; it does nothing until it is published",
    roles=WRITERS, body=CampaignDraft, answer=CampaignDetail, status=201, key=True,
    example={"request": views.DRAFT, "answer": views.NEW},
)  # fmt: skip
def draft_campaign(call: Call) -> Reply:
    campaign_id = call.derived_id("cam")
    act = audit.act_of(call, "campaign.create", campaign_id)
    made = acts.create_campaign(call.body, campaign_id, call.content_digest, act, call.now)
    return answer_of(made, partial(_detail, call))


@route(
    campaigns_admin, "GET", "/v1/admin/campaigns/{id}",
    summary="Show a campaign with its versions, and what is left of its budget",
    roles=READERS, answer=CampaignDetail, example={"answer": views.DETAIL},
)  # fmt: skip
def show_any_campaign(call: Call) -> Reply:
    return Reply(_detail(call, queries.find_campaign_item(call.path["id"]).record))


@route(
    campaigns_admin, "PATCH", "/v1/admin/campaigns/{id}",
    summary="Change a draft, or prepare the next version of a live campaign",
    roles=WRITERS, body=CampaignChange, answer=CampaignDetail, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"request": {"per_member": 3},
             "answer": {**views.DETAIL, "version": 3, "has_changes": True,
                        "terms": {**views.DRAFT, "per_member": 3}}},
)  # fmt: skip
def change_campaign(call: Call) -> Reply:
    campaign_id, change = call.path["id"], call.body
    act = audit.act_of(call, "campaign.change", campaign_id)
    changed = acts.change_campaign(campaign_id, change, call.seen_version, act, call.now)
    return Reply(_detail(call, changed))


@_step_route(
    "/v1/admin/campaigns/{id}/publish",
    summary="Put a campaign in force within a minute; above the configured cost it waits (202)",
    also=[202],
    may_raise=[Stale, NotAllowedInThisState, TooManyCampaigns, CampaignBudgetSpent],
    example={"answer": views.DETAIL},
)
def publish_campaign(call: Call) -> Reply:
    reply = _stepped(call, "campaign.publish", acts.publish_campaign)
    waits = reply.body.status == "waiting_for_approval"
    return Reply(reply.body, 202 if waits else 200)


@_step_route(
    "/v1/admin/campaigns/{id}/approve",
    summary="Put somebody else's waiting campaign in force",
    may_raise=[
        Stale,
        NotAllowedInThisState,
        SecondPersonRequired,
        TooManyCampaigns,
        CampaignBudgetSpent,
    ],
    example={
        "answer": {**views.DETAIL, "version": 3, "approved_by": "mbr_4ymxlbmkbrfnrcpx3qwjgwvnhq"}
    },
)
def approve_campaign(call: Call) -> Reply:
    return _stepped(call, "campaign.approve", acts.approve_campaign)


@_step_route(
    "/v1/admin/campaigns/{id}/reject",
    summary="Leave a waiting campaign a draft, or live as it was",
    may_raise=[Stale, NotAllowedInThisState],
    example={"answer": {**views.NEW, "version": 3}},
)
def reject_campaign(call: Call) -> Reply:
    return _stepped(call, "campaign.reject", acts.reject_campaign)


@_step_route(
    "/v1/admin/campaigns/{id}/end",
    summary="End a campaign for good, everywhere within a minute; orders keep what they have",
    may_raise=[Stale, NotAllowedInThisState],
    example={
        "answer": {**views.DETAIL, "version": 3, "status": "ended", "live": None,
                   "ended_at": "2026-12-06T12:00:00Z"}
    },
)  # fmt: skip
def end_campaign(call: Call) -> Reply:
    return _stepped(call, "campaign.end", acts.end_campaign)


def _stepped(call: Call, action: str, step: Step) -> Reply:
    campaign_id = call.path["id"]
    act = audit.act_of(call, action, campaign_id)
    return Reply(_detail(call, step(campaign_id, call.seen_version, act, call.now)))


def _detail(call: Call, record: CampaignRecord) -> CampaignDetail:
    settings = config().campaigns
    cost = most_cost(record.terms, settings.point_worth)
    has_budget = record.live is not None and record.live.terms.budget is not None
    left = queries.budget_left(record.id, record.live.terms) if record.live and has_budget else None
    warned = [
        CampaignWarning(each.field, each.code, each.message.in_language(call.language))
        for each in warnings_of(record, call.now)
    ]
    waits = needs_another(cost, settings.campaign_alone_at_most)
    versions = queries.versions_of(record.id)
    return views.detail_of(record, versions, left, (cost, waits), warned)
