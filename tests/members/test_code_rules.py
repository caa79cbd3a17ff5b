"""Limits of login codes as plain arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.members.rules import codes
from chalicelib.members.rules.codes import Limits, Sent
from chalicelib.members.rules.people import Destination

pytestmark = pytest.mark.pure

NOON = 1_796_000_400_000 // 86_400_000 * 86_400_000
LIMITS = Limits(5, 20, (0, 30, 60, 300), {"ip": 100, "device": 30, "range": 50}, {"ip": 10}, 80)


def _after(delays_s: list[int], *, used: int = -1) -> tuple[Sent, int]:
    """The count after codes with these seconds between them, and the time."""
    sent, now_ms = codes.next_sent(Sent(), "otp_0", NOON, was_used=False), NOON
    for number, delay_s in enumerate(delays_s):
        now_ms += delay_s * 1000
        sent = codes.next_sent(sent, f"otp_{number + 1}", now_ms, was_used=number == used)
    return sent, now_ms


@pytest.mark.parametrize(
    ("delays_s", "wait_s"), [([], 0), ([0], 30), ([0, 30], 60), ([0, 30, 60], 300)]
)
def test_each_unused_code_makes_the_next_one_wait_longer(delays_s: list[int], wait_s: int) -> None:
    sent, now_ms = _after(delays_s)
    found = list(codes.waits(sent, {}, LIMITS, now_ms, was_used=False))
    assert [wait.seconds for wait in found if wait.reason == "delay"] == [wait_s] * bool(wait_s)
    assert codes.delay_left(sent, LIMITS.delays_s, now_ms + wait_s * 1000) == 0
    if wait_s:
        assert codes.delay_left(sent, LIMITS.delays_s, now_ms + wait_s * 1000 - 1) == 1


def test_a_used_code_ends_the_delays() -> None:
    sent, now_ms = _after([0, 30, 60])
    assert not list(codes.waits(sent, {}, LIMITS, now_ms, was_used=True))
    assert codes.next_sent(sent, "otp_x", now_ms, was_used=True).unused == 1


def test_a_day_ends_the_delays() -> None:
    sent, now_ms = _after([0, 30, 60])
    later = now_ms + codes.DAY_S * 1000
    assert codes.next_sent(sent, "otp_x", later, was_used=False).unused == 1


def test_without_delays_nobody_waits() -> None:
    sent, now_ms = _after([0, 0, 0])
    assert codes.delay_left(sent, (), now_ms) == 0


def test_each_limit_names_its_reason_and_the_end_of_its_window() -> None:
    sent, now_ms = _after([0, 0, 0, 0])
    shared: dict[codes.Shared, int] = {"ip": 100, "device": 29, "range": 51}
    found = list(codes.waits(sent, shared, LIMITS, now_ms, was_used=True))
    refused = [(wait.reason, wait.seconds) for wait in found]
    assert refused == [("destination", 600), ("ip", 3600), ("range", 3600)]


def test_a_captcha_is_asked_for_at_its_soft_limit() -> None:
    assert not codes.asks_for_captcha({"ip": 9, "range": 49}, LIMITS)
    assert codes.asks_for_captcha({"ip": 10}, LIMITS)


@given(st.integers(0, 10_000))
def test_the_shares_of_an_hour_sum_to_its_limit(texts: int) -> None:
    shares = [codes.share_of(shard, texts) for shard in range(codes.SHARDS)]
    assert sum(shares) == texts
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("phone", "+8613800138000", "+861380013"),
        ("phone", "+8613800139999", "+861380013"),
        ("phone", "+447911123456", "+44791"),
        ("phone", "+12025550123", "+1202"),
        ("email", "a@example.com", None),
    ],
)
def test_a_range_is_ten_thousand_numbers_here_and_more_abroad(
    kind: codes.Reason, text: str, found: str | None
) -> None:
    assert codes.range_of(Destination(kind, text)) == found  # type: ignore[arg-type]


def test_a_number_is_blocked_by_how_it_begins() -> None:
    blocked = ["+979", "+86170"]
    assert codes.is_blocked(Destination("phone", "+8617012345678"), blocked)
    assert not codes.is_blocked(Destination("phone", "+8613812345678"), blocked)
    assert not codes.is_blocked(Destination("phone", "+8613812345678"), [])
    assert not codes.is_blocked(Destination("email", "+979@example.com"), blocked)
