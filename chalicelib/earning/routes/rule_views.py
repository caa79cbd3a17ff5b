"""Views of earning rules for the staff, and their examples."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from chalicelib.earning.routes.views import Explained, Status
from chalicelib.earning.rules import PURCHASES
from chalicelib.earning.rules.decisions import WayToEarn
from chalicelib.earning.rules.definitions import (
    PerAmount,
    Rule,
    RuleDraft,
    RuleEffect,
    RuleLots,
    RuleTitle,
)
from chalicelib.earning.rules.definitions import Status as RuleStatus
from chalicelib.earning.rules.records import RuleRecord
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import PageQuery
from chalicelib.kernel.texts import PARTNER_ID

DRAFT: dict[str, Any] = {
    "title": {"zh-CN": "金卡周二双倍", "en": "Gold Tuesdays"},
    "event": "order.paid",
    "when": {"all": [{"field": "member.tier", "op": "in", "value": ["gold", "diamond"]},
                     {"field": "event.weekday", "op": "=", "value": 2}]},
    "items": {"field": "item.category", "op": "=", "value": "apparel"},
    "effect": {"unit": "points", "per_amount": {"points": 1, "amount": 100}},
    "priority": 10,
    "caps": {"member_day": 500},
    "budget": 100000,
    "valid": {"weekdays": [2]},
    "lots": {"pending_days": 7, "expires": {"kind": "end_of_month", "months": 12}},
}  # fmt: skip
ROW: dict[str, Any] = {
    "id": "rul_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "version": 2,
    "status": "published",
    "has_changes": False,
    "built_in": False,
    "terms": DRAFT,
    "created_at": "2026-11-20T08:00:00Z",
    "changed_at": "2026-11-21T08:00:00Z",
    "published_at": "2026-11-21T08:00:00Z",
}
WORDS = {
    "rule_id": ROW["id"], "title": "金卡周二双倍",
    "text": "购物每满 ¥1.00 得 1 积分。条件：会员等级为金卡会员、钻石会员，且星期为周二。",
    "window": "每周二", "changed_on": None,
}  # fmt: skip
DETAIL: dict[str, Any] = {
    **ROW,
    "live": {"version": 2, "terms": DRAFT, "published_at": "2026-11-21T08:00:00Z"},
    "versions": [{"version": 2, "terms": DRAFT, "published_at": "2026-11-21T08:00:00Z"}],
    "budget_left": 99000,
    "words": WORDS,
}


class RulesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """All rules, or those of one status."""

    status: RuleStatus | None = None


class DryRunQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`?partner=` whose event it is taken for."""

    partner: Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=PARTNER_ID)] = "shop"


class RuleRow(msgspec.Struct):
    """A rule with its newest terms. `has_changes`: they are not published yet. The built-in rule
    for purchases is changed by settings alone."""

    id: str
    version: int
    status: RuleStatus
    has_changes: bool
    built_in: bool
    terms: RuleDraft
    created_at: str | None
    changed_at: str | None
    published_at: str | None


class RuleVersion(msgspec.Struct):
    """The terms that entries with this version were made by."""

    version: int
    terms: RuleDraft
    published_at: str


class RuleDetail(RuleRow):
    """A rule with what is in force, all that was, what is left of its budget, and its words."""

    live: RuleVersion | None
    versions: list[RuleVersion]
    budget_left: int | None
    words: WayToEarn


class DryRun(msgspec.Struct):
    """What the event would earn with the rule's newest terms, beside the rules in force; nothing
    was written."""

    status: Status
    explain: list[Explained]


def row_of(record: RuleRecord) -> RuleRow:
    return RuleRow(**_row(record))


def _row(record: RuleRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "version": record.version,
        "status": record.status,
        "has_changes": record.has_changes and record.status != "retired",
        "built_in": False,
        "terms": record.terms,
        "created_at": rfc3339_ms(record.created_at_ms),
        "changed_at": rfc3339_ms(record.changed_at_ms),
        "published_at": rfc3339_ms(record.live.published_ms) if record.live else None,
    }


def detail_of(
    record: RuleRecord, versions: list[Rule], budget_left: int | None, words: WayToEarn
) -> RuleDetail:
    return RuleDetail(
        **_row(record),
        live=_version(record.live) if record.live else None,
        versions=[_version(each) for each in versions],
        budget_left=budget_left,
        words=words,
    )


def _version(rule: Rule) -> RuleVersion:
    return RuleVersion(rule.version, rule.terms, rfc3339_ms(rule.published_ms))


def built_in_row(pending_days: int, *, in_force: bool) -> RuleRow:
    """The built-in rule for purchases, in the shape of the others."""
    return RuleRow(
        id=PURCHASES.id,
        version=0,
        status="published" if in_force else "retired",
        has_changes=False,
        built_in=True,
        terms=RuleDraft(
            title=RuleTitle(PURCHASES.title.zh, PURCHASES.title.en),
            event="order.paid",
            effect=RuleEffect(per_amount=PerAmount(PURCHASES.points, PURCHASES.per_minor_units)),
            lots=RuleLots(pending_days=pending_days) if pending_days else None,
        ),
        created_at=None,
        changed_at=None,
        published_at=None,
    )


def built_in_detail(pending_days: int, words: WayToEarn, *, in_force: bool) -> RuleDetail:
    row = built_in_row(pending_days, in_force=in_force)
    return RuleDetail(
        **msgspec.structs.asdict(row), live=None, versions=[], budget_left=None, words=words
    )
