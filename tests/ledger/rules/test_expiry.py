"""Expiry policies: the program's midnight, month ends, leap days, 36 lots at most."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger.rules import MAX_LOTS, NEVER, ExpiryPolicy, expires_at
from tests.ledger.rules.making import property_of

pytestmark = pytest.mark.pure

SHANGHAI = timezone(timedelta(hours=8))
# Midnight does not exist there on a day in spring, or comes twice in autumn.
ZONES: tuple[tzinfo, ...] = (
    UTC,
    SHANGHAI,
    ZoneInfo("America/Sao_Paulo"),
    ZoneInfo("America/Havana"),
    ZoneInfo("Asia/Beirut"),
    ZoneInfo("Pacific/Apia"),
)
POLICIES = st.one_of(
    st.builds(ExpiryPolicy, st.just("days"), st.integers(1, 3_660)),
    st.builds(ExpiryPolicy, st.just("months"), st.integers(1, 120)),
    st.builds(ExpiryPolicy, st.sampled_from(["end_of_month", "end_of_year"]), st.integers(0, 35)),
)
MOMENTS = st.integers(1_420_070_400, 2_840_140_800).map(
    lambda second: datetime.fromtimestamp(second, UTC)
)


def lapses(kind: str, count: int, credited: str, zone: tzinfo = UTC) -> str:
    at = expires_at(ExpiryPolicy(kind, count), datetime.fromisoformat(credited), zone)
    return datetime.fromtimestamp(at, zone).isoformat()


@pytest.mark.parametrize(
    ("kind", "count", "credited", "wanted"),
    [
        ("days", 1, "2026-11-22T00:00:00+00:00", "2026-11-24"),
        ("days", 1, "2026-11-22T23:59:59+00:00", "2026-11-24"),
        ("days", 35, "2026-11-22T12:00:00+00:00", "2026-12-28"),
        ("months", 1, "2026-11-22T12:00:00+00:00", "2026-12-23"),
        ("months", 1, "2026-01-31T12:00:00+00:00", "2026-03-01"),
        ("months", 1, "2028-01-31T12:00:00+00:00", "2028-03-01"),
        ("months", 1, "2028-01-29T12:00:00+00:00", "2028-03-01"),
        ("months", 1, "2028-01-28T12:00:00+00:00", "2028-02-29"),
        ("months", 1, "2026-12-31T12:00:00+00:00", "2027-02-01"),
        ("end_of_month", 0, "2026-11-22T12:00:00+00:00", "2026-12-01"),
        ("end_of_month", 0, "2026-11-30T23:59:59+00:00", "2026-12-01"),
        ("end_of_month", 0, "2026-12-01T00:00:00+00:00", "2027-01-01"),
        ("end_of_month", 12, "2026-11-22T12:00:00+00:00", "2027-12-01"),
        ("end_of_month", 35, "2026-01-31T12:00:00+00:00", "2029-01-01"),
        ("end_of_year", 0, "2026-12-31T23:59:59+00:00", "2027-01-01"),
        ("end_of_year", 1, "2026-11-22T12:00:00+00:00", "2028-01-01"),
        ("end_of_year", 35, "2026-11-22T12:00:00+00:00", "2062-01-01"),
    ],
)
def test_points_lapse_at_the_midnight_that_their_policy_sets(
    kind: str, count: int, credited: str, wanted: str
) -> None:
    assert lapses(kind, count, credited) == f"{wanted}T00:00:00+00:00"


def test_a_day_of_expiry_is_the_programs() -> None:
    before, after = "2026-11-30T15:59:59+00:00", "2026-11-30T16:00:00+00:00"
    assert lapses("end_of_month", 0, before, SHANGHAI) == "2026-12-01T00:00:00+08:00"
    assert lapses("end_of_month", 0, after, SHANGHAI) == "2027-01-01T00:00:00+08:00"
    assert lapses("days", 1, before, SHANGHAI) == "2026-12-02T00:00:00+08:00"
    assert lapses("days", 1, after, SHANGHAI) == "2026-12-03T00:00:00+08:00"


def test_points_that_never_lapse_have_the_latest_expiry() -> None:
    assert expires_at(ExpiryPolicy("never"), datetime(2026, 11, 22, tzinfo=UTC), UTC) == NEVER
    assert datetime.fromtimestamp(NEVER, UTC) == datetime(3000, 1, 1, tzinfo=UTC)


@property_of
@given(POLICIES, MOMENTS, st.sampled_from(ZONES))
def test_points_lapse_at_the_first_midnight_after_the_promised_time(
    policy: ExpiryPolicy, credited: datetime, zone: tzinfo
) -> None:
    at = expires_at(policy, credited, zone)
    first = datetime.fromtimestamp(at, UTC).astimezone(zone).date()
    last = datetime.fromtimestamp(at - 1, UTC).astimezone(zone).date()
    assert last < first
    day = credited.astimezone(zone).date()
    if policy.kind == "days":
        promised = day + timedelta(days=policy.count)
    else:
        months = policy.count * (12 if policy.kind == "end_of_year" else 1)
        month = day.year * 12 + day.month - 1 + months
        promised = date(month // 12, month % 12 + 1, min(day.day, 28))
    assert first > promised
    late = (first - promised).days
    assert late <= 3 + policy.step_days + {"end_of_month": 31, "end_of_year": 366}.get(
        policy.kind, 0
    )


@pytest.mark.parametrize(
    ("kind", "count", "step"),
    [
        ("days", 1, 1), ("days", 35, 1), ("days", 36, 2), ("days", 70, 2), ("days", 71, 3),
        ("days", 365, 11), ("days", 3_660, 105), ("months", 1, 1), ("months", 2, 2),
        ("months", 12, 11), ("months", 120, 107),
    ],
)  # fmt: skip
def test_days_are_rounded_up_to_a_step(kind: str, count: int, step: int) -> None:
    policy = ExpiryPolicy(kind, count)
    assert policy.step_days == step
    at = datetime(2026, 11, 22, tzinfo=UTC)
    for _ in range(4):
        day = datetime.fromtimestamp(expires_at(policy, at, UTC), UTC).date()
        assert day.toordinal() % step == 0
        at += timedelta(days=17)


@pytest.mark.parametrize(
    "policy",
    [ExpiryPolicy("days", days) for days in (1, 34, 35, 36, 70, 71, 105, 364, 365, 366, 3_660)]
    + [ExpiryPolicy("months", months) for months in (1, 2, 12, 13, 36, 120)]
    + [ExpiryPolicy(kind, n) for kind in ("end_of_month", "end_of_year") for n in (0, 35)],
    ids=lambda policy: f"{policy.kind}-{policy.count}",
)
def test_daily_credits_make_at_most_36_lots(policy: ExpiryPolicy) -> None:
    every = 1 if policy.kind != "end_of_year" else 30
    start, live, most = datetime(2026, 1, 1, 12, tzinfo=UTC), set[int](), 0
    span = {"days": 1, "months": 31, "end_of_month": 31, "end_of_year": 366}[policy.kind]
    for day in range(0, min(policy.count, 400) * span + 200, every):
        now = start + timedelta(days=day)
        live = {at for at in live if at > now.timestamp()} | {expires_at(policy, now, UTC)}
        most = max(most, len(live))
    assert most <= MAX_LOTS
    if policy.kind in ("end_of_month", "end_of_year") and policy.count == 35:
        assert most == MAX_LOTS


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("days", 0), ("days", 3_661), ("days", -1), ("months", 0), ("months", 121),
        ("end_of_month", -1), ("end_of_month", 36), ("end_of_year", -1), ("end_of_year", 36),
        ("never", 1), ("never", -1), ("weeks", 1), ("", 0),
    ],
)  # fmt: skip
def test_an_unknown_policy_is_refused(kind: str, count: int) -> None:
    with pytest.raises(ValueError, match=f"^no expiry policy: {kind} {count}$"):
        ExpiryPolicy(kind, count)


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("days", 1), ("days", 3_660), ("months", 1), ("months", 120), ("end_of_month", 0),
        ("end_of_month", 35), ("end_of_year", 0), ("end_of_year", 35), ("never", 0),
    ],
)  # fmt: skip
def test_each_policy_takes_its_smallest_and_largest_number(kind: str, count: int) -> None:
    policy = ExpiryPolicy(kind, count)
    assert (policy.kind, policy.count) == (kind, count)
    assert ExpiryPolicy("never").count == 0
