"""Requests of withdrawals: held at once within the balance and the limits, or nothing changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError
from chalicelib.ledger import InsufficientPoints
from chalicelib.withdrawals.actions import effects
from chalicelib.withdrawals.actions.withdrawals import request_withdrawal
from chalicelib.withdrawals.errors import WithdrawalLimitReached
from chalicelib.withdrawals.queries import payout_accounts
from chalicelib.withdrawals.rules.withdrawals import Limits
from chalicelib.withdrawals.tables.payout_accounts import member_key
from chalicelib.withdrawals.tables.withdrawals import MineItem
from tests.api import Api, new_key, token
from tests.conftest import Time
from tests.withdrawals.withdrawing import (
    BANK,
    MINE,
    PROVIDER,
    ask,
    asked,
    balances,
    counted,
    everything,
    freeze,
    proven,
    rich,
    withdrawals,
)


def test_a_request_holds_its_amount_at_once(api: Api) -> None:
    member = rich(api, 20_000)
    answer = ask(api, member, 12_000)
    assert answer.status == 201
    assert answer.body == {
        "id": answer.body["id"],
        "status": "requested",
        "status_text": "Waiting for review",
        "amount": {"amount": 12_000, "currency": "CNY"},
        "destination": {
            "kind": "bank",
            "holder": "李*",
            "bank": BANK["bank"],
            "account_number": "****1233",
            "account": None,
        },
        "reason": None,
        "returned": {"amount": 0, "currency": "CNY"},
        "created_at": answer.body["created_at"],
        "timeline": [{"status": "requested", "at": answer.body["created_at"]}],
    }
    assert answer.body["id"].startswith("wdr_")
    assert balances(member) == (8_000, 12_000)
    assert counted(member) == (12_000, 12_000)
    assert api.get(f"{MINE}/{answer.body['id']}", as_=token(member)).body == answer.body


def test_an_amount_may_name_its_currency(api: Api) -> None:
    member = rich(api)
    answer = ask(api, member, {"amount": 12_000, "currency": "CNY"})
    assert (answer.status, answer.body["amount"]["amount"]) == (201, 12_000)


def test_a_retry_returns_the_same_withdrawal_even_if_it_would_be_refused_now(api: Api) -> None:
    member, key = rich(api), new_key()
    first = ask(api, member, key=key)
    before = everything(member)
    freeze(member)
    api.delete("/v1/me/payout-account", as_=token(member))
    again = ask(api, member, key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert everything(member) == before


def test_the_same_key_with_another_amount_is_refused(api: Api) -> None:
    member, key = rich(api), new_key()
    ask(api, member, 12_000, key=key)
    before = everything(member)
    answer = ask(api, member, 13_000, key=key)
    assert (answer.status, answer.body["code"]) == (409, "idempotency_key_reused")
    assert everything(member) == before


BAD: list[tuple[Any, str, str]] = [
    (0, "amount", "out_of_range"), (-1, "amount", "out_of_range"),
    (10**13, "amount", "out_of_range"),
    (1.5, "amount", "not_an_integer"), ("1000", "amount", "invalid"), (True, "amount", "invalid"),
    (None, "amount", "invalid"),
    ({"amount": 1000}, "amount.currency", "required"),
    ({"amount": 1000.0, "currency": "CNY"}, "amount.amount", "not_an_integer"),
    ({"amount": 1000, "currency": "USD"}, "amount.currency", "wrong_currency"),
    ({"amount": 1000, "currency": "yuan"}, "amount.currency", "too_long"),
    ({"amount": 1000, "currency": "CNY", "fee": 1}, "amount.fee", "unknown_field"),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "field", "code"), BAD)
def test_bad_input_names_the_field_and_changes_nothing(
    api: Api, amount: Any, field: str, code: str
) -> None:
    member = rich(api)
    before = everything(member)
    answer = ask(api, member, amount)
    assert answer.status == 400
    assert [(each["field"], each["code"]) for each in answer.body["errors"]] == [(field, code)]
    assert everything(member) == before


def test_a_withdrawal_above_the_balance_is_refused(api: Api) -> None:
    member = rich(api, 11_999)
    before = everything(member)
    answer = ask(api, member, 12_000)
    assert (answer.status, answer.body["code"]) == (409, "insufficient_points")
    assert answer.body["missing_points"] == 1
    assert everything(member) == before


def test_a_withdrawal_below_the_minimum_is_refused(api: Api) -> None:
    member = rich(api)
    before = everything(member)
    answer = ask(api, member, 999)
    assert (answer.status, answer.body["code"]) == (409, "withdrawal_below_minimum")
    assert answer.body["at_least"] == 1000
    assert everything(member) == before
    assert ask(api, member, 1000).status == 201


def test_withdrawals_of_a_day_are_limited(api: Api, time: Time) -> None:
    time.advance_to_noon()
    member = rich(api, 200_000)
    asked(api, member, 40_000)
    before = everything(member)
    answer = ask(api, member, 10_001)
    assert (answer.status, answer.body["code"]) == (409, "withdrawal_limit_reached")
    assert (answer.body["limit"], answer.body["at_most"]) == ("a_day", 10_000)
    assert everything(member) == before
    asked(api, member, 10_000)
    time.advance(days=1)
    asked(api, member, 50_000)


def test_withdrawals_of_a_month_are_limited(
    api: Api, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    time.advance_to_noon()
    monkeypatch.setattr(effects, "limits", lambda: Limits(1000, 50_000, 60_000))
    member = rich(api, 200_000)
    asked(api, member, 50_000)
    monkeypatch.setattr(effects, "limits", lambda: Limits(1000, 500_000, 60_000))
    before = everything(member)
    answer = ask(api, member, 10_001)
    assert (answer.status, answer.body["code"]) == (409, "withdrawal_limit_reached")
    assert (answer.body["limit"], answer.body["at_most"]) == ("a_month", 10_000)
    assert everything(member) == before


def test_a_frozen_member_cannot_withdraw(api: Api) -> None:
    member = rich(api)
    freeze(member)
    before = everything(member)
    answer = ask(api, member)
    assert (answer.status, answer.body["code"]) == (409, "account_frozen")
    assert everything(member) == before


def test_a_withdrawal_needs_a_payout_account(api: Api) -> None:
    member = rich(api)
    assert api.delete("/v1/me/payout-account", as_=token(member)).status == 204
    before = everything(member)
    answer = ask(api, member)
    assert (answer.status, answer.body["code"]) == (409, "payout_account_required")
    assert everything(member) == before


def test_an_account_changed_during_a_request_is_read_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = rich(api, to=PROVIDER)
    stale = payout_accounts.find_payout_account(member)
    api.put("/v1/me/payout-account", BANK, as_=token(member))
    fresh, find = [stale], payout_accounts.find_payout_account
    monkeypatch.setattr(
        payout_accounts, "find_payout_account", lambda who: fresh.pop() if fresh else find(who)
    )
    answer = ask(api, member)
    assert (answer.status, answer.body["destination"]["kind"]) == (201, "bank")


def test_my_withdrawals_are_listed_newest_first_by_pages(api: Api) -> None:
    member = rich(api)
    made = [asked(api, member, 1000 + number) for number in range(3)]
    assert [each["id"] for each in withdrawals(member)] == made[::-1]
    first = api.get(f"{MINE}?limit=2", as_=token(member)).body
    second = api.get(f"{MINE}?limit=2&cursor={first['next_cursor']}", as_=token(member)).body
    assert [each["id"] for each in first["data"] + second["data"]] == made[::-1]
    assert second["next_cursor"] is None


def test_somebody_elses_withdrawal_is_not_found(api: Api) -> None:
    made, stranger = asked(api, rich(api)), rich(api)
    answer = api.get(f"{MINE}/{made}", as_=token(stranger))
    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert withdrawals(stranger) == []


def test_a_cursor_works_for_its_owner_only(api: Api) -> None:
    member = rich(api)
    for _ in range(2):
        asked(api, member, 1000)
    cursor = api.get(f"{MINE}?limit=1", as_=token(member)).body["next_cursor"]
    answer = api.get(f"{MINE}?cursor={cursor}", as_=token(rich(api)))
    assert (answer.status, answer.body["code"]) == (400, "invalid_cursor")


def _together(member: str, amount: int, times: int) -> list[str]:
    """The answers to so many withdrawals at the same time."""

    def one(_: int) -> str:
        try:
            request_withdrawal(member, ids.new_id("wdr"), b"content", amount, clock.now())
        except JifenError as error:
            return error.code
        return "held"

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_twenty_concurrent_requests_never_hold_more_than_the_balance(api: Api) -> None:
    member = rich(api, 7_500)
    answers = _together(member, 1000, 20)
    held = answers.count("held")
    # A request that lost too many races is told to retry; none exceeds the balance.
    assert set(answers) <= {"held", InsufficientPoints.code, "unavailable"}
    assert 1 <= held <= 7
    assert balances(member) == (7_500 - held * 1000, held * 1000)
    assert counted(member) == (held * 1000, held * 1000)
    assert len(withdrawals(member)) == held


def test_twenty_concurrent_requests_never_exceed_the_limit_of_the_day(api: Api, time: Time) -> None:
    time.advance_to_noon()
    member = rich(api, 1_000_000)
    answers = _together(member, 10_000, 20)
    held = answers.count("held")
    assert set(answers) <= {"held", WithdrawalLimitReached.code, "unavailable"}
    assert 1 <= held <= 5
    assert counted(member) == (held * 10_000, held * 10_000)
    assert proven(member).held == held * 10_000


def test_twenty_concurrent_requests_under_one_key_hold_once(api: Api) -> None:
    member, made = rich(api), ids.new_id("wdr")

    def one(_: int) -> bool:
        return request_withdrawal(member, made, b"content", 12_000, clock.now())[1]

    with ThreadPoolExecutor(20) as pool:
        replayed = list(pool.map(one, range(20)))
    assert replayed.count(False) == 1
    assert balances(member) == (88_000, 12_000)
    assert counted(member) == (12_000, 12_000)


def test_withdrawals_of_one_moment_are_listed_in_the_order_of_requests(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, moment = rich(api, 60_000), clock.now()
    monkeypatch.setattr(clock, "source", lambda: moment)
    made = [asked(api, member, 10_000) for _ in range(4)]
    assert [each["id"] for each in withdrawals(member)] == made[::-1]


def test_a_withdrawal_of_an_earlier_release_is_still_listed(api: Api) -> None:
    member = rich(api, 60_000)
    made = asked(api, member, 10_000)
    item = next(iter(MineItem.query(member_key(member), MineItem.sk.startswith("WDR#"))))
    MineItem(item.pk, f"WDR#{clock.to_ms(clock.now()):015d}#{made}").save()
    item.delete()
    later = asked(api, member, 10_000)
    assert {each["id"] for each in withdrawals(member)} == {made, later}
