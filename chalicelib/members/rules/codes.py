"""Limits of login codes as values: who may have the next one, and who has to wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

import msgspec

from chalicelib.members.rules.people import HOME_COUNTRY, Destination

DAY_S = 86_400
HOUR_S = 3_600
TEN_MINUTES_S = 600
# Texts of an hour are counted in shards: one item takes 1,000 writes a second.
SHARDS = 8
_LAST_DIGITS = 4
_DIGITS_ABROAD = 3

# What refused a code. `shared` ones are counted for many destinations together.
Reason = Literal["delay", "destination", "ip", "device", "range", "cap", "blocked", "captcha"]
REASONS: tuple[Reason, ...] = get_args(Reason)
Shared = Literal["ip", "device", "range"]


class Limits(NamedTuple):
    """The limits of one stage."""

    ten_minutes: int
    day: int
    delays_s: Sequence[int]
    shared: Mapping[Shared, int]
    soft: Mapping[Shared, int]
    texts_hour: int


class Sent(msgspec.Struct, frozen=True):
    """The codes that went to one destination: of today, of these ten minutes, one after another.

    `last_at` in epoch ms; `unused` of them came one after another and were not used; `number`
    counts all of them, so that two writers see each other.
    """

    number: int = 0
    day: int = 0
    day_uses: int = 0
    span: int = 0
    span_uses: int = 0
    last_at: int = 0
    last_id: str = ""
    unused: int = 0


class Wait(NamedTuple):
    """Why a code is refused, and for how many seconds."""

    reason: Reason
    seconds: int


def window(now_ms: int, window_s: int) -> int:
    """The number of the window of time that a moment lies in."""
    return now_ms // (window_s * 1000)


def _seconds(duration_ms: int) -> int:
    """Whole seconds that are not shorter."""
    return -(-duration_ms // 1000)


def left_of_window(now_ms: int, window_s: int) -> int:
    """Seconds until the window ends, 1 at least."""
    ends_at_ms = (window(now_ms, window_s) + 1) * window_s * 1000
    return max(1, _seconds(ends_at_ms - now_ms))


def is_of_late(sent: Sent, now_ms: int) -> bool:
    """Whether the last code counts as one of a run, if it was not used."""
    return bool(sent.unused) and now_ms - sent.last_at < DAY_S * 1000


def next_sent(sent: Sent, challenge_id: str, now_ms: int, *, was_used: bool) -> Sent:
    """The count of a destination's codes after one more; a used code ends a run of unused ones."""
    day, span = window(now_ms, DAY_S), window(now_ms, TEN_MINUTES_S)
    goes_on = is_of_late(sent, now_ms) and not was_used
    return Sent(
        number=sent.number + 1,
        day=day,
        day_uses=1 + (sent.day_uses if sent.day == day else 0),
        span=span,
        span_uses=1 + (sent.span_uses if sent.span == span else 0),
        last_at=now_ms,
        last_id=challenge_id,
        unused=1 + (sent.unused if goes_on else 0),
    )


def delay_left(sent: Sent, delays_s: Sequence[int], now_ms: int) -> int:
    """Seconds until the next code, 0 if it may go now: each unused code makes the wait longer."""
    if not sent.unused or not delays_s:
        return 0
    delay_s = delays_s[min(sent.unused, len(delays_s)) - 1]
    return max(0, _seconds(sent.last_at + delay_s * 1000 - now_ms))


def waits(
    sent: Sent, shared: Mapping[Shared, int], limits: Limits, now_ms: int, *, was_used: bool
) -> Iterator[Wait]:
    """All limits that refuse one more code now; `shared` are the counts of this hour."""
    if sent.day == window(now_ms, DAY_S) and sent.day_uses >= limits.day:
        yield Wait("destination", left_of_window(now_ms, DAY_S))
    if sent.span == window(now_ms, TEN_MINUTES_S) and sent.span_uses >= limits.ten_minutes:
        yield Wait("destination", left_of_window(now_ms, TEN_MINUTES_S))
    for name, uses in shared.items():
        if uses >= limits.shared[name]:
            yield Wait(name, left_of_window(now_ms, HOUR_S))
    if not was_used and (left := delay_left(sent, limits.delays_s, now_ms)):
        yield Wait("delay", left)


def asks_for_captcha(shared: Mapping[Shared, int], limits: Limits) -> bool:
    """Whether a caller or a range has had so many codes that a person has to be proved."""
    return any(shared.get(name, 0) >= most for name, most in limits.soft.items())


def share_of(shard: int, texts_hour: int) -> int:
    """The most texts in an hour that one shard counts; the shares sum to `texts_hour`."""
    return texts_hour // SHARDS + (shard < texts_hour % SHARDS)


def is_blocked(destination: Destination, prefixes: Sequence[str]) -> bool:
    """Whether a number begins as one that gets no codes."""
    return destination.kind == "phone" and destination.text.startswith(tuple(prefixes))


def range_of(destination: Destination) -> str | None:
    """The range of numbers that is counted together, None for an e-mail address.

    A sweep buys a block of numbers: here a block is ten thousand, abroad whatever a code and
    three digits name, as fewer members live there.
    """
    if destination.kind != "phone":
        return None
    import phonenumbers

    number = phonenumbers.parse(destination.text)
    home = phonenumbers.country_code_for_region(HOME_COUNTRY)
    if number.country_code == home:
        return destination.text[:-_LAST_DIGITS]
    return f"+{number.country_code}{str(number.national_number)[:_DIGITS_ABROAD]}"
