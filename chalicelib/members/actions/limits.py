"""Limits of login codes: read together, counted once a code goes out.

A refused code writes nothing but one count for ops. The counts of many destinations together (IP,
device, range, texts of an hour) are each a write of their own, half as dear as one in a
transaction: if one of them is refused at the last moment, those before it have counted one code
that was not sent.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from chalicelib.kernel import captcha
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import JifenError, Moved, TooMany
from chalicelib.kernel.observe import count
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet, unmoved, update_alone
from chalicelib.members import queries, rules
from chalicelib.members.errors import CaptchaRequired, DestinationNotServed
from chalicelib.members.rules import Destination, codes
from chalicelib.members.rules.codes import Limits, Reason, Sent, Shared
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import ChallengeItem, CodeHourItem, RateItem, SentCodesItem

_SHARED: tuple[Shared, ...] = ("ip", "device", "range")
_KEPT_HOURS_S = 8 * codes.DAY_S


class Asked(NamedTuple):
    """Who asks for a code, and for whom; `device` is what an app says of itself."""

    destination: Destination
    language: str
    source_ip: str
    device: str | None = None
    captcha_token: str | None = None


class Refused(Exception):
    """A code is refused: the reason is for ops, the error for the caller."""

    def __init__(self, reason: Reason, error: JifenError) -> None:
        super().__init__(reason)
        self.reason, self.error = reason, error


class Seen(NamedTuple):
    """What the counters say: `sent` of the destination, `shared` ones by name, the hour's texts
    in `shard`."""

    counted: str
    sent: Sent
    was_used: bool
    shared: dict[Shared, int]
    shard: int | None


def limits() -> Limits:
    """The limits of this stage."""
    of = config().members
    soft: dict[Shared, int] = {
        "ip": of.captcha_after_per_ip_hour,
        "range": of.captcha_after_per_range_hour,
    }
    return Limits(
        of.otp_per_destination_10_minutes,
        of.otp_per_destination_day,
        of.otp_delays_seconds,
        {
            "ip": of.otp_per_ip_hour,
            "device": of.otp_per_device_hour,
            "range": of.otp_per_range_hour,
        },
        soft if captcha.is_asked() else {},
        of.otp_texts_hour,
    )


def check(asked: Asked, now_ms: int, passed: Callable[[], bool]) -> Seen:
    """What the counters say, if one more code may go out; `passed` tells of a captcha.

    Raises Refused, Unavailable.
    """
    if codes.is_blocked(asked.destination, config().members.otp_blocked_prefixes):
        raise Refused("blocked", DestinationNotServed())
    most = limits()
    seen = _read(asked, now_ms, most)
    found = codes.waits(seen.sent, seen.shared, most, now_ms, was_used=seen.was_used)
    if waits := list(found):
        longest = max(waits, key=lambda wait: wait.seconds)
        raise Refused(longest.reason, TooMany(retry_after_s=longest.seconds))
    if codes.asks_for_captcha(seen.shared, most) and not passed():
        of = config().members
        asked_for = CaptchaRequired(site_key=of.captcha_site_key, script=of.captcha_script)
        raise Refused("captcha", asked_for)
    return seen


def _read(asked: Asked, now_ms: int, most: Limits) -> Seen:
    """Raises Refused if all texts of the hour are sent."""
    hour = codes.window(now_ms, codes.HOUR_S)
    counted = seals.rate_key("otp", seals.identity_hash_of(asked.destination))
    shard = _any_shard(most) if asked.destination.kind == "phone" else None
    reads = ReadSet()
    of = SentCodesItem.key(counted)
    sent_item = reads.want(SentCodesItem, of.pk, of.sk)
    found = {name: _want(reads, key) for name, key in _keys(asked, hour).items()}
    texts = _want_hour(reads, shard, hour) if shard is not None else None
    reads.read()
    item = sent_item()
    sent = item.value() if item else Sent()
    shared = {name: row.uses if (row := each()) else 0 for name, each in found.items()}
    if shard is not None and texts is not None:
        full = texts() >= codes.share_of(shard, most.texts_hour)
        shard = _shard_with_room(hour, most, now_ms) if full else shard
    was_used = codes.is_of_late(sent, now_ms) and not _is_unused(sent.last_id)
    return Seen(counted, sent, was_used, shared, shard)


def _is_unused(challenge_id: str) -> bool:
    """Whether a code is still there: its use deletes it, its end a day later."""
    return queries.stored(ChallengeItem.key(challenge_id)) is not None


def _keys(asked: Asked, hour: int) -> dict[Shared, RateItem]:
    """The counters of this hour that a code has in common with others."""
    counted: dict[Shared, str | None] = {
        "ip": rules.origin(asked.source_ip),
        "device": asked.device,
        "range": codes.range_of(asked.destination),
    }
    return {
        name: RateItem.key(seals.rate_key(f"otp-{name}", text), codes.HOUR_S, hour)
        for name, text in counted.items()
        if text is not None
    }


def _want(reads: ReadSet, key: RateItem) -> Callable[[], Any]:
    return reads.want(RateItem, key.pk, key.sk)


def _want_hour(reads: ReadSet, shard: int, hour: int) -> Callable[[], int]:
    key = CodeHourItem.key(shard, hour)
    found = reads.want(CodeHourItem, key.pk, key.sk)
    return lambda: (row.texts or 0) if (row := found()) else 0


def _any_shard(most: Limits) -> int:
    return secrets.randbelow(max(1, min(codes.SHARDS, most.texts_hour)))


def _shard_with_room(hour: int, most: Limits, now_ms: int) -> int:
    """A shard of the hour that may count one more text.

    Raises Refused.
    """
    reads = ReadSet()
    found = [_want_hour(reads, shard, hour) for shard in range(codes.SHARDS)]
    reads.read()
    free = [s for s, uses in enumerate(found) if uses() < codes.share_of(s, most.texts_hour)]
    if not free:
        raise _no_more_texts(now_ms)
    return secrets.choice(free)


def _no_more_texts(now_ms: int) -> Refused:
    count("OtpTextsCapped", stage=config().stage)
    wait_s = codes.left_of_window(now_ms, codes.HOUR_S)
    return Refused("cap", TooMany(retry_after_s=wait_s))


def add_sent(writes: WriteSet, seen: Seen, challenge_id: str, now_ms: int) -> None:
    """Add one code to the count of its destination, which is as it was seen."""
    after = codes.next_sent(seen.sent, challenge_id, now_ms, was_used=seen.was_used)
    item = SentCodesItem.of(seen.counted, after, now_ms // 1000 + 2 * codes.DAY_S)
    same = unmoved(SentCodesItem.number, seen.sent.number)
    writes.put(item, condition=same, or_raise=Moved)


def count_shared(asked: Asked, seen: Seen, now_ms: int) -> None:
    """Count one code against the limits that it has in common with others.

    Raises Refused if one of them was reached since it was read.
    """
    most, hour = limits(), codes.window(now_ms, codes.HOUR_S)
    left_s = codes.left_of_window(now_ms, codes.HOUR_S)
    ttl = now_ms // 1000 + left_s + codes.DAY_S
    for name, key in _keys(asked, hour).items():
        within = RateItem.uses.does_not_exist() | (RateItem.uses < most.shared[name])
        if not update_alone(key, [RateItem.uses.add(1), RateItem.ttl.set(ttl)], condition=within):
            raise Refused(name, TooMany(retry_after_s=left_s))
    if seen.shard is not None:
        _count_text(seen.shard, hour, most, now_ms)


def _count_text(shard: int, hour: int, most: Limits, now_ms: int) -> None:
    """Count a text in a shard, or in another that has room."""
    texts = CodeHourItem.texts
    ttl = CodeHourItem.ttl.set(now_ms // 1000 + _KEPT_HOURS_S)
    while True:
        within = texts.does_not_exist() | (texts < codes.share_of(shard, most.texts_hour))
        if update_alone(CodeHourItem.key(shard, hour), [texts.add(1), ttl], condition=within):
            return
        shard = _shard_with_room(hour, most, now_ms)


def count_refusal(reason: Reason, now_ms: int) -> None:
    """Count a refused code for ops, without a word of who was refused."""
    count("OtpRefused", reason=reason)
    shard, hour = secrets.randbelow(codes.SHARDS), codes.window(now_ms, codes.HOUR_S)
    ttl = CodeHourItem.ttl.set(now_ms // 1000 + _KEPT_HOURS_S)
    update_alone(CodeHourItem.key(shard, hour), [getattr(CodeHourItem, reason).add(1), ttl])
