"""Points that never lapse have no date in any answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib import ledger
from chalicelib.finance.routes.liability_views import liability_csv, liability_view
from chalicelib.finance.rules.liability import Liability, Standing
from chalicelib.finance.rules.liability_chart import svg
from chalicelib.kernel import clock, ids
from chalicelib.ledger.routes.views import balance, entry_view
from chalicelib.ledger.rules import NEVER, Account
from chalicelib.ledger.rules.reminders import due_reminders, next_reminder_at
from tests.api import Api, token
from tests.ledger.books import give, spend

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
_YEAR = re.compile(r"\b(2[2-9]|[3-9][0-9])[0-9]{2}-[0-9]{2}")
LOTS = st.dictionaries(
    st.sampled_from([1_800_000_000, 1_850_000_000, 1_900_000_000, NEVER]),
    st.integers(1, 10**9),
    max_size=4,
)


def dated(shown: Any) -> bool:
    """Whether the answer has a date beyond the year 2200."""
    text = shown if isinstance(shown, str) else msgspec.json.encode(shown).decode()
    return bool(_YEAR.search(text)) or str(NEVER) in text


def test_a_search_for_the_date_of_never_finds_it() -> None:
    assert dated({"at": "3000-01-01T00:00:00Z"})
    assert dated([NEVER])
    assert not dated({"at": "2027-11-30T16:00:00Z", "points": 3000})


@given(LOTS)
@example({NEVER: 500})
def test_a_balance_counts_points_that_never_lapse_without_a_date(lots: dict[int, int]) -> None:
    account = Account("mbr_1:points", posted=sum(lots.values()), lots=lots)
    shown = balance(account, NOW)
    assert not dated(shown)
    assert shown.available == sum(lots.values())
    assert [lot.points for lot in shown.expiring] == [
        points for expiry, points in sorted(lots.items()) if expiry != NEVER
    ]


@given(LOTS)
def test_points_that_never_lapse_have_no_reminder(lots: dict[int, int]) -> None:
    account = Account("mbr_1:points", posted=sum(lots.values()), lots=lots)
    at_the_last_second = (NEVER - 1) * 1000
    assert due_reminders(account, (7, 1), at_the_last_second) == []
    only = {expiry: points for expiry, points in lots.items() if expiry == NEVER}
    assert next_reminder_at(replace(account, lots=only), (7, 1)) is None


@given(LOTS)
def test_the_liability_names_points_that_never_lapse(lots: dict[int, int]) -> None:
    account, standing = Account("mbr_1:points", posted=1, lots=lots), Standing()
    standing.add(account, UTC)
    day = NOW.date()
    liability = Liability(day, "points", "CNY", standing.whole, standing, None, None)
    assert not any(
        dated(shown)
        for shown in (liability_view(liability), liability_csv([liability]), svg(liability))
    )
    assert liability_view(liability).never == lots.get(NEVER, 0)


def test_rebate_cash_never_lapses(api: Api) -> None:
    member_id = ids.new_id("mbr")
    account_id = ledger.account_of(member_id, "rebate_cash")
    given_ = give(account_id, 500, "rebate:1", expires_at=NEVER, now=clock.now())
    spent = spend(account_id, 200, "withdrawal:1", now=clock.now())
    shown = api.get("/v1/me/points?unit=rebate_cash", as_=token(member_id)).body
    assert (shown["available"], shown["expiring"]) == (300, [])
    entries = api.get("/v1/me/points/entries?unit=rebate_cash", as_=token(member_id)).body
    assert [entry["lots"] for entry in entries["data"]] == [
        [{"at": None, "points": -200}],
        [{"at": None, "points": 500}],
    ]
    assert not dated(entries)
    assert [entry["hash"] for entry in entries["data"]] == [spent.hash.hex(), given_.hash.hex()]
    assert entry_view(given_).lots[0].at is None
