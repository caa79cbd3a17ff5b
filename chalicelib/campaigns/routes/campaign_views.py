"""Views of campaigns for the staff, and their examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.campaigns.rules.definitions import CampaignDraft, CampaignStatus
from chalicelib.campaigns.rules.records import CampaignRecord, PublishedVersion
from chalicelib.kernel.budgets import Amounts
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import PageQuery

DRAFT: dict[str, Any] = {
    "kind": "full_reduction",
    "title": {"zh-CN": "周末满减", "en": "Weekend reduction"},
    "effect": {"full_reduction": {"unit": "points", "steps": [{"at_least": 1000, "off": 100}]}},
    "valid": {"from": "2026-12-05T00:00:00+08:00", "until": "2026-12-07T00:00:00+08:00"},
    "budget": {"points": 50000},
    "per_member": 2,
}
ROW: dict[str, Any] = {
    "id": "cam_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "version": 2,
    "status": "live",
    "has_changes": False,
    "terms": DRAFT,
    "created_at": "2026-11-30T08:00:00Z",
    "changed_at": "2026-11-30T09:00:00Z",
    "published_at": "2026-11-30T09:00:00Z",
    "ended_at": None,
    "asked_by": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "approved_by": None,
    "cost": 50000,
}
_VERSION = {"version": 2, "terms": DRAFT, "published_at": "2026-11-30T09:00:00Z"}
DETAIL: dict[str, Any] = {
    **ROW,
    "live": _VERSION,
    "versions": [_VERSION],
    "budget_left": {"points": 49900, "cash": None, "takers": None},
    "most_cost": 50000,
    "needs_approval": False,
    "warnings": [],
    "rule_id": None,
}
NEW: dict[str, Any] = {
    **DETAIL,
    "version": 1,
    "status": "draft",
    "has_changes": True,
    "published_at": None,
    "asked_by": None,
    "cost": None,
    "live": None,
    "versions": [],
    "budget_left": None,
}


class CampaignsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """The campaigns of a status, the newest first."""

    status: CampaignStatus = "live"


class CampaignRow(msgspec.Struct, kw_only=True):
    """A campaign with its newest terms. `has_changes`: they are not published yet. `cost` is the
    most that it was asked to be published at, in minor units; null is without limit."""

    id: str
    version: int
    status: CampaignStatus
    has_changes: bool
    terms: CampaignDraft
    created_at: str
    changed_at: str
    published_at: str | None
    ended_at: str | None
    asked_by: str | None
    approved_by: str | None
    cost: int | None


class CampaignVersion(msgspec.Struct):
    """The terms that prices with this version were made by."""

    version: int
    terms: CampaignDraft
    published_at: str


class CampaignLeft(msgspec.Struct):
    """What is left of a budget; null is without limit."""

    points: int | None = None
    cash: int | None = None
    takers: int | None = None


class CampaignWarning(msgspec.Struct):
    """What is allowed and may be a mistake, with its numbers."""

    field: str
    code: str
    message: str


class CampaignDetail(CampaignRow, kw_only=True):
    """A campaign with what is in force, all that was, what is left of its budget, and what its
    newest terms would cost at most (null: without limit). `needs_approval`: publishing these terms
    takes two people. `rule_id` is the earning rule that multiplies points for it."""

    live: CampaignVersion | None
    versions: list[CampaignVersion]
    budget_left: CampaignLeft | None
    most_cost: int | None
    needs_approval: bool
    warnings: list[CampaignWarning]
    rule_id: str | None


def row_of(record: CampaignRecord) -> CampaignRow:
    return CampaignRow(**_row(record))


def _row(record: CampaignRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "version": record.version,
        "status": record.status,
        "has_changes": record.has_changes and record.status != "ended",
        "terms": record.terms,
        "created_at": rfc3339_ms(record.created_at_ms),
        "changed_at": rfc3339_ms(record.changed_at_ms),
        "published_at": _at(record.published_at_ms),
        "ended_at": _at(record.ended_at_ms),
        "asked_by": record.asked_by,
        "approved_by": record.approved_by,
        "cost": record.cost,
    }


def _at(moment_ms: int | None) -> str | None:
    return None if moment_ms is None else rfc3339_ms(moment_ms)


def detail_of(
    record: CampaignRecord,
    versions: Sequence[PublishedVersion],
    left: Amounts | None,
    cost: tuple[int | None, bool],
    warnings: list[CampaignWarning],
) -> CampaignDetail:
    live, at = record.live, record.published_at_ms or 0
    return CampaignDetail(
        **_row(record),
        live=CampaignVersion(live.version, live.terms, rfc3339_ms(at)) if live else None,
        versions=[
            CampaignVersion(each.campaign.version, each.campaign.terms, rfc3339_ms(each.at_ms))
            for each in versions
        ],
        budget_left=None if left is None else CampaignLeft(**left),
        most_cost=cost[0],
        needs_approval=cost[1],
        warnings=warnings,
        rule_id=record.rule_id,
    )
