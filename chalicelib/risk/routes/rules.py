"""The rules of scores for the staff: those in force, each version that was, the next one."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib import audit
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.kernel.web.auth import ADMIN, AGENT, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.risk.actions import rules
from chalicelib.risk.queries.rules import published_rules, rules_of_version
from chalicelib.risk.rules.scores import SUGGESTED, Levels, Published, RiskRule, RiskRules

risk_rules = Blueprint(__name__)
READERS, WRITERS = (AGENT, OPS, FINANCE, ADMIN), (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on; 0 for the built-in rules")]


class RiskRulesView(msgspec.Struct):
    """A version of the rules; version 0 are the built-in ones, which only watch.

    `suggested` are scores of levels to begin with.
    """

    version: int
    published_at: str | None
    published_by: str | None
    rules: list[RiskRule]
    levels: Levels
    suggested: Levels


class VersionQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The rules of a version, or those in force."""

    version: Annotated[int, Meta(ge=0, le=10**8)] | None = None


RULES: dict[str, Any] = {
    "rules": [
        {"kind": "members_on_a_device", "at_least": 5, "score": 40, "each_more": 15, "at_most": 100}
    ],
    "levels": {"watch": 40, "pending": 70, "review": 85},
}
_LEVELS = {**RULES["levels"], "freeze": None}
SHOWN: dict[str, Any] = {
    "version": 1,
    "published_at": "2026-11-30T08:00:00Z",
    "published_by": "mbr_4fk2kzvdkwqymh6dz4wmbyzixe",
    "rules": RULES["rules"],
    "levels": _LEVELS,
    "suggested": _LEVELS,
}


@route(
    risk_rules, "GET", "/v1/admin/risk/rules",
    summary="The rules by which members are scored, and the scores of the levels",
    roles=READERS, query=VersionQuery, answer=RiskRulesView, may_raise=[NotFound],
    example={"answer": SHOWN},
)  # fmt: skip
def show_risk_rules(call: Call) -> Reply:
    version = call.query.version
    return Reply(_view(published_rules() if version is None else rules_of_version(version)))


@route(
    risk_rules, "PUT", "/v1/admin/risk/rules",
    summary="Publish the next version of the rules: in force within a minute",
    roles=WRITERS, body=RiskRules, answer=RiskRulesView, headers=IF_MATCH, may_raise=[Stale],
    example={"request": RULES, "answer": SHOWN},
)  # fmt: skip
def publish_risk_rules(call: Call) -> Reply:
    act = audit.act_of(call, "risk.publish", "risk-rules")
    return Reply(_view(rules.publish(call.body, call.seen_version, act, call.now)))


def _view(told: Published) -> RiskRulesView:
    at_ms = told.published_at_ms
    return RiskRulesView(
        version=told.version,
        published_at=None if at_ms is None else rfc3339_ms(at_ms),
        published_by=told.published_by,
        rules=list(told.terms.rules),
        levels=told.terms.levels,
        suggested=SUGGESTED.levels,
    )
