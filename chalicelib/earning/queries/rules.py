"""Reads of earning rules: one by one for the staff, those in force once in half a minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.earning import rules
from chalicelib.earning.queries.names import names_in
from chalicelib.earning.rules import EarningRule
from chalicelib.earning.rules.decisions import WayToEarn
from chalicelib.earning.rules.definitions import Rule
from chalicelib.earning.rules.evaluation import RuleSet, compile_rules
from chalicelib.earning.rules.records import RuleRecord
from chalicelib.earning.rules.window_words import has_ended
from chalicelib.earning.rules.words import way_to_earn
from chalicelib.earning.tables.rules import (
    IN_FORCE,
    RULES,
    RuleItem,
    RuleSetItem,
    RuleVersionItem,
)
from chalicelib.kernel import cursors
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.recall import Recall

_KEPT_S = 30


class StoredRules(NamedTuple):
    """The rules in force as they are stored, with the head that they belong to."""

    head: RuleSetItem
    rules: list[Rule]

    @property
    def has_purchases(self) -> bool:
        return not self.head.without_purchases


class InForce(NamedTuple):
    """The rules in force, ready for use."""

    rules: RuleSet
    has_purchases: bool


_kept = Recall[str, InForce](_KEPT_S, 1)


def in_force() -> InForce:
    """The rules in force, as of half a minute ago at most."""
    found = _kept.get(IN_FORCE.pk)
    if found is None:
        stored = read_in_force()
        found = InForce(compile_rules(stored.rules), stored.has_purchases)
        _kept.keep(IN_FORCE.pk, found)
    return found


def forget() -> None:
    """Read again at the next call: this process has changed the rules in force."""
    _kept.clear()


def read_in_force() -> StoredRules:
    """The rules in force as they are now: one request, and one more for a change meanwhile."""
    return StoredRules(*IN_FORCE.read())


def purchases() -> EarningRule:
    """The built-in rule for purchases, with the pending time that the stage has set."""
    return replace(rules.PURCHASES, pending_days=config().earning.purchase_points_pending_days)


def rules_in_force() -> list[EarningRule]:
    """The built-in rules by which a payment earns now: none once the staff has retired them."""
    return [purchases()] if in_force().has_purchases else []


def ways_to_earn(language: str, now: datetime) -> list[WayToEarn]:
    """The rules in force whose time is not over, in the words of a language."""
    built_in = [words_of_purchases(language, rule) for rule in rules_in_force()]
    told = [rule for rule in in_force().rules.rules if not has_ended(rule.terms.valid, now)]
    return built_in + words_of(told, language)


def words_of(told: Sequence[Rule], language: str) -> list[WayToEarn]:
    """Rules in words for members."""
    names = names_in(each.terms for each in told)
    currency, zone = config().currency, config().time_zone
    return [way_to_earn(each, language, currency, zone, names) for each in told]


def words_of_purchases(language: str, rule: EarningRule | None = None) -> WayToEarn:
    """The built-in rule in words for members."""
    told = rule or purchases()
    return WayToEarn(
        told.id, told.title.in_language(language), rules.in_words(told).in_language(language)
    )


def stored_rule(rule_id: str) -> RuleItem | None:
    found: RuleItem | None = RuleItem.find(RULES, rule_id)
    return found


def find_rule_item(rule_id: str) -> RuleItem:
    """The stored item of a rule.

    Raises NotFound.
    """
    item: RuleItem = or_not_found(stored_rule(rule_id))
    return item


def list_rules(page: PageQuery, status: str | None) -> Page[RuleRecord]:
    """A page of the rules, the newest first.

    Raises InvalidCursor.
    """
    every = (item.record for item in RuleItem.query(RULES, consistent_read=True))
    wanted = (each for each in every if status in (None, each.status))
    scope = f"earning-rules:{status}"
    return cursors.part(scope, page, wanted, lambda each: (-each.created_at_ms, each.id))


def versions_of(rule_id: str) -> list[Rule]:
    """Each version of a rule that was in force, the newest first."""
    found = RuleVersionItem.query(f"RULE#{rule_id}", scan_index_forward=False, limit=100)
    return [item.rule for item in found]


def find_version(rule_id: str, version: int) -> Rule | None:
    item = RuleVersionItem.find(*RuleVersionItem.key(rule_id, version), consistent=False)
    return item.rule if item else None
