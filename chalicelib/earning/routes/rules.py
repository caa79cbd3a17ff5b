"""Earning rules for ops: drafts, versions, publishing, retirement, dry runs."""

from __future__ import annotations

from typing import cast

from chalice.app import Blueprint

from chalicelib import audit, members
from chalicelib.earning import actions, queries
from chalicelib.earning.actions import rules as acts
from chalicelib.earning.errors import BudgetSpent, TooManyRules
from chalicelib.earning.queries import rules as rule_queries
from chalicelib.earning.queries.limits import budget_left
from chalicelib.earning.routes import rule_views as views
from chalicelib.earning.routes.bodies import (
    CustomEvent,
    MemberUpdatedEvent,
    OrderPaidEvent,
    read_event,
)
from chalicelib.earning.routes.events import EXAMPLE
from chalicelib.earning.routes.rule_views import (
    DryRun,
    DryRunQuery,
    RuleDetail,
    RuleRow,
    RulesQuery,
)
from chalicelib.earning.routes.views import Status, explained
from chalicelib.earning.rules import PURCHASES, PaidOrder
from chalicelib.earning.rules.definitions import Rule, RuleChange, RuleDraft
from chalicelib.earning.rules.evaluation import compile_rules
from chalicelib.earning.rules.records import RuleRecord
from chalicelib.kernel.cursors import Page
from chalicelib.kernel.errors import FieldError, Invalid, NotAllowedInThisState, Stale, Words
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

rules_admin = Blueprint(__name__)

READERS = (AGENT, OPS, ADMIN)
WRITERS = (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]
_NOT_EARNING = Words("须为获得积分的事件", "must be an event that earns")


@route(
    rules_admin, "GET", "/v1/admin/earning-rules",
    summary="List the earning rules, the newest first; the built-in one closes the last page",
    roles=READERS, query=RulesQuery, answer=Page[RuleRow],
    example={"answer": {"data": [views.ROW], "next_cursor": None}},
)  # fmt: skip
def list_rules(call: Call) -> Reply:
    asked: RulesQuery = call.query
    page = rule_queries.list_rules(asked, asked.status).shown(views.row_of)
    if page.next_cursor is None:
        built_in = _built_in_row()
        page.data += [built_in] if asked.status in (None, built_in.status) else []
    return Reply(page)


@route(
    rules_admin, "POST", "/v1/admin/earning-rules",
    summary="Draft an earning rule; it earns nothing until it is published",
    roles=WRITERS, body=RuleDraft, answer=RuleDetail, status=201, key=True,
    example={"request": views.DRAFT,
             "answer": {**views.DETAIL, "version": 1, "status": "draft", "has_changes": True,
                        "published_at": None, "live": None, "versions": [],
                        "budget_left": None}},
)  # fmt: skip
def draft_rule(call: Call) -> Reply:
    rule_id = call.derived_id("rul")
    act = audit.act_of(call, "earning_rule.create", rule_id)
    made = acts.create_rule(call.body, rule_id, call.content_digest, act, call.now)
    return answer_of(made, lambda record: _detail(record, call.language))


@route(
    rules_admin, "GET", "/v1/admin/earning-rules/{id}",
    summary="Show an earning rule with its versions and its words for members",
    roles=READERS, answer=RuleDetail, example={"answer": views.DETAIL},
)  # fmt: skip
def show_rule(call: Call) -> Reply:
    if call.path["id"] == PURCHASES.id:
        return Reply(_built_in(call.language))
    item = rule_queries.find_rule_item(call.path["id"])
    return Reply(_detail(item.record, call.language))


@route(
    rules_admin, "PATCH", "/v1/admin/earning-rules/{id}",
    summary="Change a draft, or prepare the next version of a rule in force",
    roles=WRITERS, body=RuleChange, answer=RuleDetail, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"request": {"priority": 20},
             "answer": {**views.DETAIL, "version": 3, "has_changes": True,
                        "terms": {**views.DRAFT, "priority": 20}}},
)  # fmt: skip
def change_rule(call: Call) -> Reply:
    act = audit.act_of(call, "earning_rule.change", call.path["id"])
    changed = acts.change_rule(call.path["id"], call.body, call.seen_version, act, call.now)
    return Reply(_detail(changed, call.language))


@route(
    rules_admin, "POST", "/v1/admin/earning-rules/{id}/publish",
    summary="Put a rule's newest terms in force, everywhere within a minute",
    roles=WRITERS, answer=RuleDetail, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState, TooManyRules, BudgetSpent],
    example={"answer": views.DETAIL},
)  # fmt: skip
def publish_rule(call: Call) -> Reply:
    act = audit.act_of(call, "earning_rule.publish", call.path["id"])
    if call.path["id"] == PURCHASES.id:
        acts.put_purchases_in_force(act, in_force=True)
        return Reply(_built_in(call.language))
    done = acts.publish_rule(call.path["id"], call.seen_version, act, call.now)
    return Reply(_detail(done, call.language))


@route(
    rules_admin, "POST", "/v1/admin/earning-rules/{id}/retire",
    summary="Take a rule out of force, everywhere within a minute; the built-in one may come back",
    roles=WRITERS, answer=RuleDetail, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"answer": {**views.DETAIL, "version": 3, "status": "retired", "live": None,
                        "published_at": None}},
)  # fmt: skip
def retire_rule(call: Call) -> Reply:
    act = audit.act_of(call, "earning_rule.retire", call.path["id"])
    if call.path["id"] == PURCHASES.id:
        acts.put_purchases_in_force(act, in_force=False)
        return Reply(_built_in(call.language))
    done = acts.retire_rule(call.path["id"], call.seen_version, act, call.now)
    return Reply(_detail(done, call.language))


@route(
    rules_admin, "POST", "/v1/admin/earning-rules/{id}/dry-run",
    summary="What an event would earn with this rule's newest terms; writes nothing",
    roles=WRITERS, query=DryRunQuery, body=(OrderPaidEvent, MemberUpdatedEvent, CustomEvent),
    answer=DryRun, may_raise=[Invalid, members.TillCodeExpired, members.TillCodeInvalid],
    example={
        "request": EXAMPLE,
        "answer": {"status": "applied", "explain": [
            {"rule_id": "purchases", "matched": True, "points": 199, "reason": "matched"},
            {"rule_id": views.ROW["id"], "matched": False, "points": 0, "version": 2,
             "reason": "condition_not_met", "path": "when.all[0]"},
        ]},
    },
)  # fmt: skip
def dry_run_rule(call: Call) -> Reply:
    asked: DryRunQuery = call.query
    rules = _with_newest(call.path["id"])
    event = read_event(call.raw_body, call.now, asked.partner)
    if not isinstance(event, PaidOrder):
        raise Invalid(FieldError("type", "does_not_earn", _NOT_EARNING))
    member_id = queries.member_of(event)
    outcome = actions.earned_by(asked.partner, event, member_id, compile_rules(rules), call.now)
    return Reply(DryRun(cast(Status, outcome.status), explained(outcome)))


def _with_newest(rule_id: str) -> list[Rule]:
    """The rules in force, and the newest terms of one in place of its own.

    Raises NotFound.
    """
    stored = rule_queries.read_in_force().rules
    if rule_id == PURCHASES.id:
        return stored
    record = rule_queries.find_rule_item(rule_id).record
    others = [each for each in stored if each.id != rule_id]
    return [*others, Rule(rule_id, record.tried_version, record.terms)]


def _detail(record: RuleRecord, language: str) -> RuleDetail:
    newest = Rule(record.id, record.tried_version, record.terms)
    has_budget = record.live is not None and record.live.terms.budget is not None
    return views.detail_of(
        record,
        rule_queries.versions_of(record.id),
        sum(budget_left(record.id).values()) if has_budget else None,
        rule_queries.words_of([newest], language)[0],
    )


def _built_in_row() -> RuleRow:
    in_force = rule_queries.read_in_force().has_purchases
    return views.built_in_row(rule_queries.purchases().pending_days, in_force=in_force)


def _built_in(language: str) -> RuleDetail:
    in_force = rule_queries.read_in_force().has_purchases
    words = rule_queries.words_of_purchases(language)
    pending_days = rule_queries.purchases().pending_days
    return views.built_in_detail(pending_days, words, in_force=in_force)
