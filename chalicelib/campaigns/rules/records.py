"""A campaign from draft to its end; its version counts each change, and prices name it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib.campaigns.rules.definitions import (
    DRAFT,
    ENDED,
    LIVE,
    WAITING,
    Campaign,
    CampaignDraft,
    CampaignStatus,
)
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.ledger import SecondPersonRequired


class CampaignRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as the staff sees it: `terms` are its newest, `live` are those in force.

    `asked_by` asked to publish the newest terms, at a most of `cost` minor units (None: without
    limit); above the configured cost somebody else has to approve. `rule_id` is the earning rule
    of a multiplier.
    """

    id: str
    version: int
    status: CampaignStatus
    terms: CampaignDraft
    created_at_ms: int
    changed_at_ms: int
    live: Campaign | None = None
    published_at_ms: int | None = None
    ended_at_ms: int | None = None
    asked_by: str | None = None
    approved_by: str | None = None
    cost: int | None = None
    rule_id: str | None = None

    @property
    def has_changes(self) -> bool:
        """Whether something is not published yet."""
        return self.live is None or self.live.terms != self.terms


class PublishedVersion(NamedTuple):
    """A version that was in force."""

    campaign: Campaign
    at_ms: int


def new_record(campaign_id: str, draft: CampaignDraft, now: datetime) -> CampaignRecord:
    at = to_ms(now)
    return CampaignRecord(
        id=campaign_id, version=1, status="draft", terms=draft, created_at_ms=at, changed_at_ms=at
    )


def rewritten(seen: CampaignRecord, terms: CampaignDraft, now: datetime) -> CampaignRecord:
    """The campaign with other terms, which are not published yet; who asked has to ask again.

    Raises NotAllowedInThisState of one that has ended.
    """
    _check_open(seen)
    status = LIVE if seen.live else DRAFT
    return _next(seen, now, status=status, terms=terms, asked_by=None, cost=None)


def asked(seen: CampaignRecord, by: str, cost: int | None, now: datetime) -> CampaignRecord:
    """The campaign while somebody else has to approve it; what is in force stays in force.

    Raises NotAllowedInThisState.
    """
    _check_open(seen)
    return _next(seen, now, status=WAITING, asked_by=by, cost=cost)


def published(seen: CampaignRecord, by: str, cost: int | None, now: datetime) -> CampaignRecord:
    """The campaign with its newest terms in force.

    Raises NotAllowedInThisState.
    """
    _check_open(seen)
    after = _next(seen, now, status=LIVE, asked_by=by, approved_by=None, cost=cost)
    return _in_force(after, now)


def approved(seen: CampaignRecord, by: str, now: datetime) -> CampaignRecord:
    """The campaign in force once a second person approved it.

    Raises NotAllowedInThisState, SecondPersonRequired.
    """
    _check_waits(seen)
    if by == seen.asked_by:
        raise SecondPersonRequired()
    return _in_force(_next(seen, now, status=LIVE, approved_by=by), now)


def rejected(seen: CampaignRecord, now: datetime) -> CampaignRecord:
    """The campaign as a draft again, or in force as before.

    Raises NotAllowedInThisState.
    """
    _check_waits(seen)
    return _next(seen, now, status=LIVE if seen.live else DRAFT, asked_by=None, cost=None)


def ended(seen: CampaignRecord, now: datetime) -> CampaignRecord:
    """The campaign out of force for good.

    Raises NotAllowedInThisState of one that is not in force.
    """
    if seen.live is None:
        raise NotAllowedInThisState(state=seen.status)
    return _next(seen, now, status=ENDED, live=None, ended_at_ms=to_ms(now))


def _in_force(seen: CampaignRecord, now: datetime) -> CampaignRecord:
    live = Campaign(id=seen.id, terms=seen.terms, version=seen.version, status="live")
    return replace(seen, live=live, published_at_ms=to_ms(now))


def _next(seen: CampaignRecord, now: datetime, **changes: object) -> CampaignRecord:
    return replace(seen, version=seen.version + 1, changed_at_ms=to_ms(now), **changes)


def _check_open(seen: CampaignRecord) -> None:
    if seen.status == ENDED:
        raise NotAllowedInThisState(state=seen.status)


def _check_waits(seen: CampaignRecord) -> None:
    if seen.status != WAITING:
        raise NotAllowedInThisState(state=seen.status)
