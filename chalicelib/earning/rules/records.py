"""A rule from draft to retirement; its version counts each change, and names it in entries."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib.earning.rules.definitions import Rule, RuleDraft, Status
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import NotAllowedInThisState

DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"


class RuleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as the staff sees it: `terms` are its newest, `live` are those in force.

    A published rule may be changed: the change is a draft until it is published in turn.
    """

    id: str
    version: int
    status: Status
    terms: RuleDraft
    created_at_ms: int
    changed_at_ms: int
    live: Rule | None = None
    retired_at_ms: int | None = None
    # The campaign that it follows: it is changed by that alone.
    campaign_id: str | None = None

    @property
    def has_changes(self) -> bool:
        """Whether something is not published yet."""
        return self.live is None or self.live.terms != self.terms

    @property
    def tried_version(self) -> int:
        """The version that its newest terms have in force, once they are published as they are."""
        return self.version + (self.has_changes and self.status != RETIRED)


def new_record(rule_id: str, draft: RuleDraft, now: datetime) -> RuleRecord:
    at = to_ms(now)
    return RuleRecord(
        id=rule_id, version=1, status="draft", terms=draft, created_at_ms=at, changed_at_ms=at
    )


def rewritten(seen: RuleRecord, terms: RuleDraft, now: datetime) -> RuleRecord:
    """The rule with other terms, which are not published yet.

    Raises NotAllowedInThisState of a retired rule.
    """
    _check_not_retired(seen)
    return replace(seen, version=seen.version + 1, terms=terms, changed_at_ms=to_ms(now))


def published(seen: RuleRecord, now: datetime) -> RuleRecord:
    """The rule with its newest terms in force.

    Raises NotAllowedInThisState of a retired rule.
    """
    _check_not_retired(seen)
    version, at = seen.version + 1, to_ms(now)
    live = Rule(seen.id, version, seen.terms, at, seen.campaign_id)
    return replace(seen, version=version, status="published", live=live, changed_at_ms=at)


def retired(seen: RuleRecord, now: datetime) -> RuleRecord:
    """The rule out of force for good.

    Raises NotAllowedInThisState of a rule that was never published, or is retired.
    """
    if seen.status != PUBLISHED:
        raise NotAllowedInThisState(state=seen.status)
    return replace(
        seen, version=seen.version + 1, status="retired", live=None, retired_at_ms=to_ms(now)
    )


def check_own(seen: RuleRecord) -> None:
    """Raises NotAllowedInThisState of a rule that follows a campaign."""
    if seen.campaign_id is not None:
        raise NotAllowedInThisState(state="of_campaign")


def _check_not_retired(seen: RuleRecord) -> None:
    if seen.status == RETIRED:
        raise NotAllowedInThisState(state=seen.status)
