"""Refusals of the ledger, in the words that a person reads; the public id of an entry."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from chalicelib.kernel import ids, secrets
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.ledger import rules
from chalicelib.ledger.errors import (
    HoldEnded,
    InsufficientPoints,
    NotReversible,
    TransferLimitReached,
    UnitMismatch,
)
from chalicelib.ledger.rules import TransferLimits, units, words
from chalicelib.ledger.rules.accounts import entry_id
from tests.ledger.rules.making import account_with, accrue, cause

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("points", "sent", "sends", "en"),
    [
        (11, 0, 0, "10 points at most can be given away at once"),
        (10, 19, 0, "6 more points can be given away today"),
        (2, 24, 0, "1 more points can be given away today"),
        (1, 25, 0, "Nothing more can be given away today: try tomorrow"),
        (1, 3, 3, "3 gifts a day at most: try tomorrow"),
    ],
)
def test_a_transfer_above_a_limit_is_told_the_rest_of_it(
    points: int, sent: int, sends: int, en: str
) -> None:
    account = account_with({60: 100}, sent_on=1, sent=sent, sends=sends)
    with pytest.raises(TransferLimitReached) as refused:
        rules.send(account, points, TransferLimits(10, 25, 3), 1, cause(), 0)
    assert refused.value.detail("en") == en


def test_an_entry_that_cannot_be_reversed_is_named() -> None:
    account, accrual = accrue(account_with(), 9, 50)
    with pytest.raises(NotReversible) as refused:
        rules.reverse(account, accrual, cause(), 0)
    assert refused.value.detail("en") == f"It is {words.ENTRIES['accrual'].en}"
    spent, redemption = rules.redeem(account, 1, cause(), 0)
    with pytest.raises(NotReversible) as refused:
        rules.claw_back(spent, redemption, 1, None, cause(), 0)
    assert refused.value.detail("en") == f"It is {words.ENTRIES['redemption'].en}"


@pytest.mark.parametrize("ask", [units.spendable, units.transferable])
def test_a_unit_that_may_not_is_named(ask: Callable[[str], object]) -> None:
    with pytest.raises(UnitMismatch) as refused:
        ask("growth")
    name = words.UNIT_NAMES["growth"].en
    assert refused.value.detail("en") == f"{name} cannot be used in this way"


def test_a_hold_that_timed_out_is_told_as_such() -> None:
    account, _, held = rules.hold(account_with({60: 9}), "1", 5, 30, cause(), 0)
    with pytest.raises(HoldEnded) as refused:
        rules.capture(account, held, 5, cause(), 30_000)
    assert refused.value.detail("en") == "It is timed out"


def test_a_refused_act_names_the_state() -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        raise words.not_allowed("frozen")
    assert refused.value.facts == {"status": "frozen"}
    assert "Frozen" in refused.value.detail("en")


def test_missing_rebate_cash_is_told_as_money() -> None:
    for unit, en in (("rebate_cash", "CNY 12.34 of rebate are missing"), ("points", None)):
        refused = words.insufficient(unit, 1_234)
        assert isinstance(refused, InsufficientPoints)
        assert refused.facts == {"missing_points": 1_234}
        assert refused.detail("en") == (en or InsufficientPoints(missing_points=1_234).detail("en"))
    assert words.insufficient("rebate_cash", 1_234).detail("zh-CN") == "返利余额还差 ¥12.34"


def test_an_adjustment_below_the_rebate_cash_is_told_as_money() -> None:
    account = account_with({60: 1}, unit="rebate_cash")
    with pytest.raises(InsufficientPoints) as refused:
        rules.adjust(account, -2, 60, cause(), 0)
    assert refused.value.detail("en") == "CNY 0.01 of rebate are missing"


def test_an_entrys_id_follows_from_its_account_and_reference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secrets, "key", lambda name: name.encode())
    _, entry = accrue(account_with(), 9, 50)
    assert entry_id(entry) == ids.derived_id("ent", "mbr_1:points", "accrual:1")
    assert entry_id(replace(entry, seq=9, points=1)) == entry_id(entry)
