"""Reconciliation: each planted error is found and named, and clean books raise no alarm."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from copy import copy
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.finance.rules.reconciled_lines import (
    CLEAN,
    LATE,
    MATCHED,
    MISSING_HERE,
    MISSING_THERE,
)
from chalicelib.finance.rules.reconciliation import Finding, reconcile
from chalicelib.payments.rules import journal
from tests.finance.planted import HERE, THERE, Plant
from tests.finance.two_books import TwoBooks, clean_books, generated, with_legs

pytestmark = pytest.mark.pure

PLANTS = [*HERE, *THERE]


@cache
def _books() -> TwoBooks:
    return clean_books(150)


def books() -> TwoBooks:
    """Clean books that a test may spoil."""
    clean = _books()
    return TwoBooks(copy(clean.ours), copy(clean.theirs))


def findings(spoilt: TwoBooks) -> list[Finding]:
    spoilt = spoilt.sorted()
    return [each for each in reconcile(spoilt.ours, spoilt.theirs) if each.kind not in CLEAN]


def test_there_are_more_than_twenty_kinds_of_error() -> None:
    assert len({plant.words for plant in PLANTS}) == len(PLANTS) >= 40


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.words for plant in PLANTS])
def test_a_planted_error_is_found_once_under_its_name(plant: Plant) -> None:
    spoilt = books()
    plant.spoil(spoilt)
    assert (spoilt.ours, spoilt.theirs) != (_books().ours, _books().theirs)
    assert [each.kind for each in findings(spoilt)] == [plant.kind]


@pytest.mark.parametrize("other", PLANTS[::7], ids=[plant.words for plant in PLANTS[::7]])
def test_errors_do_not_hide_each_other(other: Plant) -> None:
    spoilt = books()
    # The first refund, then the last charges: the two plants do not overlap.
    lost = spoilt.theirs.pop()
    other.spoil(spoilt)
    found = {(each.kind, each.key) for each in findings(spoilt)}
    assert (MISSING_THERE, lost.id) in found
    assert {kind for kind, _ in found} == {MISSING_THERE, other.kind}


def test_ten_thousand_clean_orders_raise_no_alarm() -> None:
    clean = clean_books(10_000, seed=7)
    types = {entry.type for entry in clean.ours}
    assert types == {
        journal.CHARGE,
        journal.REFUND,
        journal.REFUND_FAILED,
        journal.DISPUTE,
        journal.DISPUTE_WON,
        journal.DISPUTE_LOST,
        journal.PAYOUT,
        journal.PAYOUT_FAILED,
        journal.WITHDRAWAL,
        journal.WITHDRAWAL_FAILED,
        journal.COD_COLLECTED,
    }
    kinds = Counter(each.kind for each in reconcile(clean.ours, clean.theirs))
    assert set(kinds) == {MATCHED, LATE}
    assert kinds.total() == len(clean.theirs)
    assert kinds[LATE] > 50


def test_an_entry_recorded_on_another_day_is_only_late() -> None:
    clean = books()
    late = [each for each in reconcile(clean.ours, clean.theirs) if each.kind == LATE]
    assert late
    for each in late:
        assert each.ours
        assert each.theirs
        assert each.ours.at_ms > each.theirs.at_ms


def test_every_line_of_both_books_is_in_exactly_one_finding() -> None:
    clean = books()
    found = list(reconcile(clean.ours, clean.theirs))
    ours = {entry.reference for entry in clean.ours if entry.transaction}
    assert {each.ours.name for each in found if each.ours} == ours
    assert [each.key for each in found] == [each.theirs.name for each in found if each.theirs]
    assert {each.key for each in found} == {movement.id for movement in clean.theirs}


def test_memory_stays_flat_with_any_number_of_lines() -> None:
    peaks = []
    for lines in (1_000, 9_000):
        ours, theirs = generated(lines)
        tracemalloc.start()
        assert sum(each.kind == MATCHED for each in reconcile(ours, theirs)) == lines
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Sixteen bytes a line, and the lines under way between the sides.
    assert peaks[1] < peaks[0] + 8_000 * 40


CHANGES = st.sampled_from(["drop", "amount", "fee", "currency", "type", "other"])
BY = st.integers(-(10**9), 10**9).filter(bool)


@settings(deadline=None)
@given(st.data(), CHANGES, BY)
def test_any_single_change_of_our_journal_is_found(
    data: st.DataObject, change: str, by: int
) -> None:
    spoilt = books()
    at = data.draw(st.sampled_from([i for i, e in enumerate(spoilt.ours) if e.transaction]))
    entry = spoilt.ours[at]
    fee = entry.on(journal.FEES)
    gross = entry.on(journal.PROVIDER) + fee
    changed = {
        "drop": None,
        "amount": with_legs(entry, gross + by, fee),
        "fee": with_legs(entry, gross, fee + by),
        "currency": replace(entry, currency="JPY"),
        "type": replace(entry, type=journal.COD_REMITTED),
        "other": replace(entry, source="nobody"),
    }[change]
    spoilt.ours[at : at + 1] = [changed] if changed else []
    (found,) = findings(spoilt)
    assert found.key == entry.transaction


@settings(deadline=None)
@given(st.data(), CHANGES, BY)
def test_any_single_change_of_the_providers_books_is_found(
    data: st.DataObject, change: str, by: int
) -> None:
    spoilt = books()
    at = data.draw(st.integers(0, len(spoilt.theirs) - 1))
    line = spoilt.theirs[at]
    changed = {
        "drop": None,
        "amount": replace(line, amount=line.amount + by),
        "fee": replace(line, fee=line.fee + by),
        "currency": replace(line, currency="JPY"),
        "type": replace(line, type="tax_fee"),
        "other": replace(line, id=f"{line.id}:other"),
    }[change]
    spoilt.theirs[at : at + 1] = [changed] if changed else []
    found = findings(spoilt)
    assert {each.key.removesuffix(":other") for each in found} == {line.id}
    if len(found) > 1:
        # Nothing but the transaction leads from a transfer's line to our withdrawal, nor from one
        # of a dispute's two lines to ours.
        assert change == "other"
        assert line.type.startswith("transfer") or line.type == "adjustment"
        assert {each.kind for each in found} == {MISSING_HERE, MISSING_THERE}
