"""Marketing triggers: something happens to a member, who gets a reward, once in each period."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from chalicelib.campaigns.rules.missions import MissionTitle
from chalicelib.campaigns.rules.periods import MONTH, period_of
from chalicelib.campaigns.rules.rewards import Reward, check_reward
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import FieldError, Invalid, Words

Event = Literal["balance_reaches", "registered", "points_lapse", "birthday", "no_visit"]
Repeats = Literal["once", "year", "month"]
Status = Literal["draft", "live", "ended"]
DRAFT: Status = "draft"
LIVE: Status = "live"
ENDED: Status = "ended"
BALANCE: Event = "balance_reaches"
REGISTERED: Event = "registered"
LAPSE: Event = "points_lapse"
BIRTHDAY: Event = "birthday"
NO_VISIT: Event = "no_visit"
# Whoever did not come is looked at after so many days, and no others.
DAYS_AWAY = (7, 14, 30, 60, 90, 180)
MOST_LIVE = 20
DAY_MS = 86_400_000

Threshold = Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Trigger(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`threshold` is the points of a balance, or the days without a visit; `takers` is how many
    rewards there are, None without a limit."""

    id: str
    version: int
    status: Status
    title: MissionTitle
    event: Event
    reward: Reward
    threshold: int | None = None
    repeats: Repeats = "once"
    takers: int | None = None
    created_ms: int = 0


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """What a member is watched for: `seen_ms` is their last visit, `due_ms` when to look next."""

    member_id: str
    event: Event
    seen_ms: int
    due_ms: int | None
    version: int = 0


_REQUIRED = Words("必填", "is required")
_NO_THRESHOLD = Words("该类事件没有此项", "does not belong to this event")


def check_trigger(trigger: Trigger) -> None:
    """Raises Invalid naming what is missing, or does not belong to the event."""
    check_reward(trigger.reward)
    needs = trigger.event in (BALANCE, NO_VISIT)
    if needs and trigger.threshold is None:
        raise Invalid(FieldError("threshold", "required", _REQUIRED))
    if not needs and trigger.threshold is not None:
        raise Invalid(FieldError("threshold", "not_of_kind", _NO_THRESHOLD))
    if trigger.event == NO_VISIT and trigger.threshold not in DAYS_AWAY:
        days = ", ".join(map(str, DAYS_AWAY))
        words = Words(f"须为 {days} 之一", f"must be one of {days}")
        raise Invalid(FieldError("threshold", "invalid", words))


def changed(seen: Trigger, changes: dict[str, Any]) -> Trigger:
    """The next version.

    Raises Invalid.
    """
    after: Trigger = replace(seen, **changes, version=seen.version + 1)
    check_trigger(after)
    return after


def turned(seen: Trigger, status: Status) -> Trigger:
    return replace(seen, status=status, version=seen.version + 1)


def is_met(trigger: Trigger, event: Event, amount: int) -> bool:
    """Whether an event with its amount (a balance, days away) is what a trigger waits for."""
    if trigger.status != LIVE or trigger.event != event:
        return False
    if event == BALANCE:
        return amount >= (trigger.threshold or 0)
    return event != NO_VISIT or amount == trigger.threshold


def reference_of(trigger: Trigger, at: datetime, zone: tzinfo) -> str:
    """The reference of a member's reward, which stands once: for good, in a year, in a month."""
    month = period_of(MONTH, at, zone).name
    period = {"once": "once", "year": month[:4], "month": month}[trigger.repeats]
    return f"trigger:{trigger.id}:{period}"


def source_of(trigger_id: str) -> str:
    return f"trigger:{trigger_id}"


def visited(seen: Watch | None, member_id: str, at_ms: int) -> Watch | None:
    """The watch after a visit; None if it knows of a later one, or of one of that day."""
    if seen is not None and at_ms < seen.seen_ms + DAY_MS:
        return None
    return Watch(
        member_id=member_id,
        event=NO_VISIT,
        seen_ms=at_ms,
        due_ms=at_ms + DAYS_AWAY[0] * DAY_MS,
        version=(seen.version if seen else 0) + 1,
    )


def days_away(watch: Watch, now_ms: int) -> int | None:
    """The step of days without a visit that is reached; None before the first."""
    away = (now_ms - watch.seen_ms) // DAY_MS
    return max((days for days in DAYS_AWAY if days <= away), default=None)


def looked_at(watch: Watch, now_ms: int) -> Watch:
    """The watch for the next step of days, or for none."""
    away = (now_ms - watch.seen_ms) // DAY_MS
    later = min((days for days in DAYS_AWAY if days > away), default=None)
    due_ms = None if later is None else watch.seen_ms + later * DAY_MS
    return replace(watch, due_ms=due_ms, version=watch.version + 1)


def born(member_id: str, birthday: str, now: datetime, zone: tzinfo, version: int = 0) -> Watch:
    """The watch for a member's next birthday, `MM-DD`, today's among them at first."""
    today = now.astimezone(zone).date()
    day = _day_in(birthday, today.year)
    if day < today or (day == today and version):
        day = _day_in(birthday, today.year + 1)
    due_ms = to_ms(datetime.combine(day, time(), zone))
    return Watch(
        member_id=member_id, event=BIRTHDAY, seen_ms=to_ms(now), due_ms=due_ms, version=version + 1
    )


def _day_in(birthday: str, year: int) -> date:
    """28 February for who was born on the 29th, in other years."""
    first = date(year, int(birthday[:2]), 1)
    wanted = first + timedelta(days=int(birthday[3:]) - 1)
    return wanted if wanted.month == first.month else wanted - timedelta(days=1)
