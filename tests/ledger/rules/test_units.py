"""Units and their terms; the approval of large adjustments."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.ledger.errors import SecondPersonRequired, UnitMismatch
from chalicelib.ledger.rules import UNITS, ExpiryPolicy, units
from chalicelib.ledger.rules.adjustments import APPLIED, REJECTED, WAITING, Adjustment

pytestmark = pytest.mark.pure

ASKED = Adjustment(
    "adj_1", "mbr_1:points", 500, None, b"sealed", "mbr_ann", b"content", 7, WAITING, True
)


def test_each_unit_has_its_terms() -> None:
    terms = {
        name: (unit.spendable, unit.transferable, unit.honours_lapsed, unit.clawback, unit.expires)
        for name, unit in UNITS.items()
    }
    assert terms == {
        "points": (True, True, True, "negative", ExpiryPolicy("end_of_month", 12)),
        "growth": (False, False, False, "floor", ExpiryPolicy("end_of_year", 1)),
        "rebate_cash": (True, False, True, "hold", ExpiryPolicy("never")),
    }
    assert all(unit.name == name for name, unit in UNITS.items())


@pytest.mark.parametrize("name", sorted(UNITS))
def test_a_refused_unit_is_named(name: str) -> None:
    for may, ask in (
        (UNITS[name].spendable, units.spendable),
        (UNITS[name].transferable, units.transferable),
    ):
        if may:
            assert ask(name) is UNITS[name]
            continue
        with pytest.raises(UnitMismatch) as refused:
            ask(name)
        assert refused.value.facts == {"unit": name}


def test_a_second_person_approves_an_adjustment() -> None:
    decided = ASKED.decided("mbr_bob", APPLIED)
    assert (decided.status, decided.decided_by) == (APPLIED, "mbr_bob")
    assert (ASKED.status, ASKED.decided_by) == (WAITING, None)
    with pytest.raises(SecondPersonRequired):
        ASKED.decided("mbr_ann", APPLIED)
    for by in ("mbr_ann", "mbr_bob"):
        assert ASKED.decided(by, REJECTED).status == REJECTED
    assert ASKED.reference == "adjustment:adj_1"


def test_the_receiver_of_an_adjustment_cannot_approve_it() -> None:
    with pytest.raises(SecondPersonRequired):
        ASKED.decided(ASKED.member_id, APPLIED)
    assert ASKED.decided(ASKED.member_id, REJECTED).status == REJECTED


def test_a_large_adjustment_or_one_of_ones_own_account_needs_a_second_person() -> None:
    size = abs(ASKED.points)
    for points in (size, -size):
        asked = replace(ASKED, points=points)
        assert (asked.needs_another(size, 0), asked.needs_another(size - 1, 0)) == (False, True)
    assert replace(ASKED, author=ASKED.member_id).needs_another(size, 0)


def test_gifts_of_rebate_cash_have_their_own_size_limit() -> None:
    size = ASKED.points
    given = replace(ASKED, account_id="mbr_1:rebate_cash")
    assert (given.needs_another(0, size), given.needs_another(size, size - 1)) == (False, True)
    taken = replace(given, points=-size)
    assert (taken.needs_another(size, 0), taken.needs_another(size - 1, size)) == (False, True)
    assert replace(given, points=1).needs_another(size, 0)


@pytest.mark.parametrize("status", [APPLIED, REJECTED])
def test_an_adjustment_is_decided_once(status: str) -> None:
    decided = ASKED.decided("mbr_bob", status)
    for by in ("mbr_ann", "mbr_bob", "mbr_cy"):
        for again in (APPLIED, REJECTED):
            with pytest.raises(NotAllowedInThisState) as refused:
                decided.decided(by, again)
            assert refused.value.facts == {"status": status}
