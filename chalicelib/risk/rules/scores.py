"""The score of a member by published rules, the level that follows, and the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.ledger import ACTIVE, CREDITS_PENDING, FROZEN, UNDER_REVIEW
from chalicelib.risk.rules.evidence import KINDS, Evidence

MOST_SCORE = 1000
MOST_RULES = 20

Kind = Literal[
    "members_on_a_device",
    "members_on_a_network",
    "linked_friends",
    "friends_on_a_network",
    "refunds_after_spending",
    "refunded_share",
    "credits_in_an_hour",
]
Level = Literal["none", "watch", "pending", "review", "freeze"]
NONE, WATCH, PENDING, REVIEW, FREEZE = "none", "watch", "pending", "review", "freeze"
# From the mildest on: what a level does is the status of the member's accounts.
LEVELS = (NONE, WATCH, PENDING, REVIEW, FREEZE)
STATUS_OF = {
    NONE: ACTIVE,
    WATCH: ACTIVE,
    PENDING: CREDITS_PENDING,
    REVIEW: UNDER_REVIEW,
    FREEZE: FROZEN,
}

_Count = Annotated[int, Meta(ge=1, le=10_000)]
_Score = Annotated[int, Meta(ge=0, le=MOST_SCORE)]
_Step = Annotated[int, Meta(ge=1, le=MOST_SCORE)]


class RiskRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`score` where there is as much evidence of a kind as `at_least`, and `each_more` for each
    further one, up to `at_most` in all."""

    kind: Kind
    at_least: _Count
    score: _Step
    each_more: _Score = 0
    at_most: _Step = 100

    def score_of(self, count: int) -> int:
        """The score of so much evidence."""
        if count < self.at_least:
            return 0
        return min(self.at_most, self.score + self.each_more * (count - self.at_least))


class Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least score of each level; a level without one is never reached by a score."""

    watch: _Step | None = None
    pending: _Step | None = None
    review: _Step | None = None
    freeze: _Step | None = None

    def of(self, score: int) -> str:
        """The level of a score."""
        reached = NONE
        for level in LEVELS[1:]:
            least: int | None = getattr(self, level)
            if least is not None and score >= least:
                reached = level
        return reached


class RiskRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules by which members are scored, and the scores of the levels."""

    rules: Annotated[tuple[RiskRule, ...], Meta(max_length=MOST_RULES)]
    levels: Levels


class Published(msgspec.Struct, frozen=True):
    """A version of the rules, and who published it when; the built-in ones are version 0."""

    terms: RiskRules
    version: int = 0
    published_at_ms: int | None = None
    published_by: str | None = None


# In force until ops publish others: they only watch, so nobody is kept from their points.
WATCHING = RiskRules(
    rules=(
        RiskRule("members_on_a_device", 5, 40, 15, 100),
        RiskRule("members_on_a_network", 20, 10, 1, 30),
        RiskRule("linked_friends", 5, 20, 15, 80),
        RiskRule("friends_on_a_network", 8, 40, 5, 60),
        RiskRule("refunds_after_spending", 3, 40, 20, 100),
        RiskRule("refunded_share", 60, 10, 1, 30),
        RiskRule("credits_in_an_hour", 20, 40, 1, 80),
    ),
    levels=Levels(watch=40),
)
# What a mall may begin with; docs/risk.md tells how they fare on a made-up population.
SUGGESTED = RiskRules(WATCHING.rules, Levels(watch=40, pending=70, review=85))
BUILT_IN = Published(WATCHING)


class Reason(msgspec.Struct, frozen=True, array_like=True):
    """Evidence that counted: its kind, how much of it, and its part of the score."""

    kind: str
    count: int
    score: int


class Verdict(NamedTuple):
    """`rules_version` names the rules that gave it."""

    score: int
    level: str
    reasons: tuple[Reason, ...]
    rules_version: int = 0


def judge(evidence: Evidence, published: Published) -> Verdict:
    """The verdict of the rules on a member: of several rules of a kind the highest counts."""
    reasons: dict[str, Reason] = {}
    for rule in published.terms.rules:
        count = evidence.of(rule.kind)
        score = rule.score_of(count)
        if score > (reasons[rule.kind].score if rule.kind in reasons else 0):
            reasons[rule.kind] = Reason(rule.kind, count, score)
    score = min(MOST_SCORE, sum(each.score for each in reasons.values()))
    ordered = sorted(reasons.values(), key=lambda each: (-each.score, each.kind))
    level = published.terms.levels.of(score)
    return Verdict(score, level, tuple(ordered), published.version)


def check_rules(published: RiskRules) -> None:
    """Check that levels rise, that no rule takes back what it gives and that none is there twice.

    Raises Invalid naming the field.
    """
    _check_levels(published.levels)
    begun: set[tuple[str, int]] = set()
    for number, rule in enumerate(published.rules):
        if rule.at_most < rule.score:
            words = Words("不能小于 score", "is less than the score that it limits")
            raise Invalid(FieldError(f"rules[{number}].at_most", "out_of_range", words))
        if (rule.kind, rule.at_least) in begun:
            words = Words("同类证据的起始数量重复", "is where another rule of this kind begins")
            raise Invalid(FieldError(f"rules[{number}].at_least", "duplicate", words))
        begun.add((rule.kind, rule.at_least))


def _check_levels(levels: Levels) -> None:
    before = 0
    for level in LEVELS[1:]:
        least: int | None = getattr(levels, level)
        if least is None:
            continue
        if least <= before:
            words = Words("必须高于较轻级别的分数", "must be above the score of the milder level")
            raise Invalid(FieldError(f"levels.{level}", "out_of_range", words))
        before = least


def in_words(reasons: Sequence[Reason], language: str) -> list[str]:
    """The reasons for the staff, in words."""
    return [KINDS[each.kind].in_language(language, count=each.count) for each in reasons]
