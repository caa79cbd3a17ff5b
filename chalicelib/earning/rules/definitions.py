"""Earning rules as the staff writes them: trigger, conditions, effect, limits, times, lots."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.earning.rules.conditions import Condition
from chalicelib.kernel.money import MAX_MINOR_UNITS
from chalicelib.kernel.texts import PLAIN, RULE_EVENT, RULE_GROUP, STACKING, kind
from chalicelib.ledger import MAX_POINTS

ORDER_PAID, MEMBER_UPDATED = "order.paid", "member.updated"
# The mall's own orders come as events of this partner. Only rules that name the source are about
# them: no rule of a shop's becomes one of the mall's by itself.
MALL, SOURCE = "mall", "event.source"
DOWN, UP, NEAREST = "down", "up", "nearest"

Given = Annotated[int, Meta(ge=0, le=1_000_000)]
Most = Annotated[int, Meta(ge=0, le=MAX_POINTS)]
Weekdays = Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(max_length=7)]
Days = Annotated[list[Annotated[int, Meta(ge=1, le=31)]], Meta(max_length=31)]
Priority = Annotated[int, Meta(ge=-1000, le=1000)]
Moment = Annotated[datetime, Meta(tz=True)]
Status = Literal["draft", "published", "retired"]
GroupName = Annotated[str, Meta(pattern=RULE_GROUP, max_length=40)]


class RuleTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a rule in both languages."""

    zh: Annotated[str, kind(40, form=PLAIN)] = msgspec.field(name="zh-CN")
    en: Annotated[str, kind(80, form=PLAIN)]

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class PerAmount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many points for each full `amount` of minor units."""

    points: Given
    amount: Annotated[int, Meta(ge=0, le=MAX_MINOR_UNITS)]


class Multiply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`percent` of the points that the other rules gave: 200 doubles them."""

    percent: Annotated[int, Meta(ge=0, le=10_000)]


class RuleEffect(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of `per_amount`, `fixed`, `multiply`, in a unit.

    `rounding` is of `per_amount` and `multiply`; points are rounded once per event.
    """

    unit: Literal["points", "growth", "rebate_cash"] = "points"
    per_amount: PerAmount | None = None
    fixed: Given | None = None
    multiply: Multiply | None = None
    rounding: Literal["down", "up", "nearest"] = "down"


class Caps(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The most points that one member gets of the rule in a day or a month of the program, and in
    all; null is no limit."""

    member_day: Most | None = None
    member_month: Most | None = None
    member_life: Most | None = None


class RuleHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From the beginning of the hour `start` to that of `end`, on each day."""

    start: Annotated[int, Meta(ge=0, le=23)]
    end: Annotated[int, Meta(ge=1, le=24)]


class Valid(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When the rule holds, in the program's time: `until` is excluded, null is without limit."""

    from_: Moment | None = msgspec.field(default=None, name="from")
    until: Moment | None = None
    weekdays: Weekdays | None = None
    days: Days | None = None
    hours: RuleHours | None = None


class RuleExpiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When points lapse; `months` or `days` or `years` by the kind, none for `never`."""

    kind: Literal["days", "months", "end_of_month", "end_of_year", "never"]
    days: Annotated[int, Meta(ge=0, le=3660)] | None = None
    months: Annotated[int, Meta(ge=0, le=120)] | None = None
    years: Annotated[int, Meta(ge=0, le=35)] | None = None


class RuleLots(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long points are pending, and when they lapse; null is the policy of the unit."""

    pending_days: Annotated[int, Meta(ge=0, le=365)] = 0
    expires: RuleExpiry | None = None


class RuleDraft(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """An earning rule. `when` is about the event and its member, `items` about each of its items.

    `stacking` is `all`, `best` (of all such rules the one that gives most) or `exclusive:<group>`
    (of a group the one with the highest priority). Of multipliers of one `multiplier_group` the
    highest holds. `announce`: pages show that the rule was changed.
    """

    title: RuleTitle
    event: Annotated[str, Meta(pattern=RULE_EVENT, max_length=60)]
    when: Condition | None = None
    items: Condition | None = None
    effect: RuleEffect
    multiplier_group: GroupName | None = None
    stacking: Annotated[str, Meta(pattern=STACKING, max_length=60)] = "all"
    priority: Priority = 0
    caps: Caps | None = None
    budget: Most | None = None
    valid: Valid | None = None
    lots: RuleLots | None = None
    announce: bool = False


class RuleChange(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Any part of a rule; each given part replaces the old one whole."""

    title: RuleTitle | UnsetType = UNSET
    event: Annotated[str, Meta(pattern=RULE_EVENT, max_length=60)] | UnsetType = UNSET
    when: Condition | UnsetType | None = UNSET
    items: Condition | UnsetType | None = UNSET
    effect: RuleEffect | UnsetType = UNSET
    multiplier_group: GroupName | UnsetType | None = UNSET
    stacking: Annotated[str, Meta(pattern=STACKING, max_length=60)] | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    caps: Caps | UnsetType | None = UNSET
    budget: Most | UnsetType | None = UNSET
    valid: Valid | UnsetType | None = UNSET
    lots: RuleLots | UnsetType | None = UNSET
    announce: bool | UnsetType = UNSET


class Rule(msgspec.Struct, frozen=True):
    """A rule with the id and the version that entries name; published at `published_ms`. One of a
    campaign is about all orders, the mall's own among them."""

    id: str
    version: int
    terms: RuleDraft
    published_ms: int = 0
    campaign_id: str | None = None


def changed(seen: RuleDraft, change: RuleChange) -> RuleDraft:
    """The rule with a change made."""
    given: dict[str, Any] = {
        name: value
        for name in change.__struct_fields__
        if (value := getattr(change, name)) is not UNSET
    }
    return msgspec.structs.replace(seen, **given)
