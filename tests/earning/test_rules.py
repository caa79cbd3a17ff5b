"""Points of events, and valid signatures."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.earning import rules
from chalicelib.earning.errors import SignatureExpired, SignatureInvalid
from chalicelib.kernel.signatures import sign

pytestmark = pytest.mark.pure

SHANGHAI = ZoneInfo("Asia/Shanghai")


@given(st.integers(0, 10**12))
def test_points_are_floored_once_per_order(amount: int) -> None:
    decision = rules.decide(amount, "CNY", "CNY")
    assert decision.points * 100 <= amount < (decision.points + 1) * 100
    assert (decision.reason == rules.MATCHED) == (amount >= 100)


def test_a_payment_in_another_currency_earns_nothing_and_gets_the_reason() -> None:
    decision = rules.decide(10_000, "USD", "CNY")
    assert (decision.points, decision.reason) == (0, rules.OTHER_CURRENCY)


@pytest.mark.parametrize(
    ("now", "lapses"),
    [
        (datetime(2026, 11, 21, 8, tzinfo=UTC), datetime(2027, 11, 30, 16, tzinfo=UTC)),
        # 16:00 UTC on the last of a month is the first of the next in Shanghai.
        (datetime(2026, 11, 30, 15, 59, tzinfo=UTC), datetime(2027, 11, 30, 16, tzinfo=UTC)),
        (datetime(2026, 11, 30, 16, tzinfo=UTC), datetime(2027, 12, 31, 16, tzinfo=UTC)),
        (datetime(2027, 2, 28, 12, tzinfo=UTC), datetime(2028, 2, 29, 16, tzinfo=UTC)),
    ],
)
def test_points_lapse_at_the_end_of_the_programs_month(now: datetime, lapses: datetime) -> None:
    terms = rules.PURCHASES.terms.times(now, SHANGHAI)
    assert terms == (int(lapses.timestamp()), None)


def test_pending_points_lapse_by_the_day_of_their_unlocking() -> None:
    rule = replace(rules.PURCHASES, pending_days=7)
    paid_at = datetime(2026, 11, 25, 8, tzinfo=UTC)
    expires_at, unlocks_at = rule.terms.times(paid_at, SHANGHAI)
    assert unlocks_at == int(datetime(2026, 12, 2, 8, tzinfo=UTC).timestamp())
    assert expires_at == int(datetime(2027, 12, 31, 16, tzinfo=UTC).timestamp())
    assert "7 days" in rules.in_words(rule).en
    assert "7 天" in rules.in_words(rule).zh
    assert rules.in_words(rules.PURCHASES) == rules.PURCHASES.words


@given(
    st.integers(0, 10**10),
    st.integers(1, 10**12),
    st.lists(st.integers(1, 10**12), min_size=1, max_size=8),
)
def test_refunds_of_a_whole_order_take_back_exactly_what_it_gave(
    granted: int, paid: int, cuts: list[int]
) -> None:
    ends = [*sorted({cut % paid for cut in cuts} - {0}), paid]
    taken = [
        rules.taken_back(granted, paid, before, end - before)
        for before, end in zip([0, *ends], ends, strict=False)
    ]
    assert sum(taken) == granted
    assert min(taken) >= 0


BODY = b'{"id": "x"}'


def header(at_s: int, *signatures: str) -> str:
    return ",".join([f"t={at_s}", *(f"v1={signature}" for signature in signatures)])


def check(given: str, machine_s: int = 1_000_000, body: bytes = BODY) -> None:
    rules.check_signature(given, body, ["new", "old"], machine_s)


@pytest.mark.parametrize("secret", ["new", "old"])
@pytest.mark.parametrize("at_s", [999_700, 1_000_000, 1_000_300])
def test_both_live_secrets_are_accepted_within_300_seconds(secret: str, at_s: int) -> None:
    check(header(at_s, sign(secret, at_s, BODY)))


def test_one_good_signature_of_several_is_enough() -> None:
    check(header(1_000_000, "0" * 64, sign("old", 1_000_000, BODY)))


@pytest.mark.parametrize("at_s", [999_699, 1_000_301])
def test_a_stale_or_future_signature_is_refused(at_s: int) -> None:
    with pytest.raises(SignatureExpired):
        check(header(at_s, sign("new", at_s, BODY)))


@pytest.mark.parametrize(
    "bad",
    [
        "", "t=1000000", "v1=" + "0" * 64, "t=x,v1=" + "0" * 64, "t=1000000,v1=",
        header(1_000_000, "0" * 64), header(1_000_000, sign("gone", 1_000_000, BODY)),
        header(1_000_001, sign("new", 1_000_000, BODY)),
        header(1_000_000, sign("new", 1_000_000, BODY).upper()),
    ],
)  # fmt: skip
def test_a_forged_signature_is_refused(bad: str) -> None:
    with pytest.raises(SignatureInvalid):
        check(bad)


def test_a_signature_is_for_one_body_only() -> None:
    with pytest.raises(SignatureInvalid):
        check(header(1_000_000, sign("new", 1_000_000, BODY)), body=BODY + b" ")
