"""How long virtual goods and services may be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalicelib.catalog.rules.validity import Validity, in_utc, use_until, validity_errors

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def wrong(validity: Validity | None, kind: str = "virtual") -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in validity_errors(validity, kind)]


def test_a_validity_is_in_days_or_between_times() -> None:
    later = NOW + timedelta(milliseconds=1)
    for fits in (
        None,
        Validity(days=30),
        Validity(start=NOW),
        Validity(until=NOW),
        Validity(start=NOW, until=later),
    ):
        assert wrong(fits) == wrong(fits, "service") == []
    for neither in (Validity(), Validity(days=30, until=NOW)):
        assert wrong(neither) == [("validity", "days_or_times")]
    assert wrong(Validity(start=NOW, until=NOW)) == [("validity.until", "not_after_from")]
    early = datetime(1999, 1, 1, tzinfo=UTC)
    assert wrong(Validity(start=early)) == [("validity.from", "out_of_range")]
    assert wrong(Validity(until=early)) == [("validity.until", "out_of_range")]


def test_physical_goods_have_no_validity() -> None:
    assert wrong(Validity(days=30), "physical") == [("validity", "not_for_physical")]
    assert wrong(None, "physical") == []


def test_days_end_with_a_day_of_the_program() -> None:
    """Redeemed at 16:00 of the 21st in Shanghai, a good of one day may be used on the 22nd."""
    assert use_until(Validity(days=1), NOW) == datetime(2026, 11, 22, 16, tzinfo=UTC)
    # 00:00 of the 22nd in Shanghai.
    late = datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert use_until(Validity(days=1), late) == datetime(2026, 11, 23, 16, tzinfo=UTC)


def test_times_hold_whenever_it_was_redeemed() -> None:
    assert use_until(None, NOW) is None
    assert use_until(Validity(start=NOW), NOW) is None
    assert use_until(Validity(until=NOW), NOW + timedelta(days=9)) == NOW


def test_times_are_kept_in_utc_and_milliseconds() -> None:
    local = datetime(2026, 11, 21, 16, 0, 0, 1_999, tzinfo=timezone(timedelta(hours=8)))
    kept = datetime(2026, 11, 21, 8, 0, 0, 1_000, tzinfo=UTC)
    assert in_utc(Validity(start=local, until=local)) == Validity(start=kept, until=kept)
    assert in_utc(None) is None
