"""When a rule holds, in words for members."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from chalicelib.earning.rules.definitions import Valid
from chalicelib.kernel.errors import Words

WEEKDAYS = (
    Words("周一", "Monday"), Words("周二", "Tuesday"), Words("周三", "Wednesday"),
    Words("周四", "Thursday"), Words("周五", "Friday"), Words("周六", "Saturday"),
    Words("周日", "Sunday"),
)  # fmt: skip


def window_words(valid: Valid | None, zone: tzinfo) -> Words | None:
    """The times of a rule, None if it always holds."""
    if valid is None:
        return None
    parts = [_from_until(valid, zone), _weekdays(valid), _days(valid), _hours(valid)]
    told = [each for each in parts if each is not None]
    if not told:
        return None
    return Words(" · ".join(each.zh for each in told), " · ".join(each.en for each in told))


def has_ended(valid: Valid | None, now: datetime) -> bool:
    """Whether a rule earns nothing from now on, ever."""
    return valid is not None and valid.until is not None and valid.until <= now


def _from_until(valid: Valid, zone: tzinfo) -> Words | None:
    if valid.from_ is None and valid.until is None:
        return None
    begins = _shown(valid.from_, zone) if valid.from_ else ""
    ends = _shown(valid.until, zone, is_end=True) if valid.until else ""
    if not ends:
        return Words(f"{begins} 起", f"from {begins}")
    return Words(
        f"{begins} 至 {ends}" if begins else f"至 {ends}",
        f"{begins} to {ends}" if begins else f"until {ends}",
    )


def _shown(at: datetime, zone: tzinfo, *, is_end: bool = False) -> str:
    """A day where the instant begins or ends one, else the day and the time of day."""
    local = at.astimezone(zone)
    if local.hour or local.minute or local.second:
        return f"{local:%Y-%m-%d %H:%M}"
    return f"{local - timedelta(days=1) if is_end else local:%Y-%m-%d}"


def _weekdays(valid: Valid) -> Words | None:
    if not valid.weekdays:
        return None
    days = [WEEKDAYS[number - 1] for number in sorted(set(valid.weekdays))]
    return Words(
        "每" + "、".join(each.zh for each in days),
        "on " + ", ".join(f"{each.en}s" for each in days),
    )


def _days(valid: Valid) -> Words | None:
    if not valid.days:
        return None
    days = ", ".join(map(str, sorted(set(valid.days))))
    return Words(f"每月 {days} 日", f"on day {days} of the month")


def _hours(valid: Valid) -> Words | None:
    if valid.hours is None:
        return None
    told = f"{valid.hours.start:02}:00–{valid.hours.end:02}:00"
    return Words(told, told)
