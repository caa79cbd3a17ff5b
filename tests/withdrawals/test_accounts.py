"""Payout accounts: sealed, shown masked, with a new version for each change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.kernel import clock, ids
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Unreadable
from chalicelib.kernel.store.tables import connection
from chalicelib.withdrawals.actions.payout_accounts import set_payout_account
from chalicelib.withdrawals.queries.payout_accounts import find_payout_account, opened
from chalicelib.withdrawals.rules.payout_accounts import BankAccount
from tests.api import Answer, Api, token
from tests.withdrawals.withdrawing import BANK, CARD, PROVIDER

PATH = "/v1/me/payout-account"


@pytest.fixture
def member() -> str:
    return ids.new_id("mbr")


def put(api: Api, member: str, body: Any) -> Answer:
    return api.put(PATH, body, as_=token(member))


def show(api: Api, member: str) -> Answer:
    return api.get(PATH, as_=token(member))


def test_a_bank_account_is_shown_masked(api: Api, member: str) -> None:
    answer = put(api, member, BANK)
    assert answer.status == 200
    assert answer.body == {
        "kind": "bank",
        "holder": "李*",
        "bank": BANK["bank"],
        "account_number": "****1233",
        "account": None,
        "version": 1,
        "updated_at": answer.body["updated_at"],
    }
    assert show(api, member).body == answer.body


def test_a_providers_account_is_shown_masked(api: Api, member: str) -> None:
    answer = put(api, member, PROVIDER)
    assert (answer.status, answer.body["account"]) == (200, "acct_****zgke")


def test_the_list_of_payout_accounts_has_the_one_or_none(api: Api, member: str) -> None:
    def listed(query: str = "") -> Answer:
        return api.get(f"{PATH}s{query}", as_=token(member))

    assert (listed().status, listed().body) == (200, {"data": [], "next_cursor": None})
    put(api, ids.new_id("mbr"), PROVIDER)
    assert listed().body["data"] == []
    put(api, member, BANK)
    assert listed("?limit=1").body == {"data": [show(api, member).body], "next_cursor": None}
    assert api.delete(PATH, as_=token(member)).status == 204
    assert listed().body == {"data": [], "next_cursor": None}
    refused = listed("?cursor=abc")
    assert (refused.status, refused.body["code"]) == (400, "invalid_cursor")


def test_a_payout_account_is_sealed_to_its_member(api: Api, member: str) -> None:
    put(api, member, BANK)
    client: Any = connection().client
    found = client.query(
        TableName=config().table("payments"),
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"MEM#{member}"}},
    )["Items"]
    assert len(found) == 1
    assert CARD not in repr(found)
    assert "李雷" not in repr(found)
    sealed = find_payout_account(member).sealed
    assert sealed is not None
    assert opened(sealed, member) == BankAccount("李雷", BANK["bank"], CARD)
    with pytest.raises(Unreadable):
        opened(sealed, ids.new_id("mbr"))


def test_each_change_makes_a_version_and_an_equal_account_makes_none(api: Api, member: str) -> None:
    versions = [
        put(api, member, body).body["version"]
        for body in (BANK, BANK, {**BANK, "account_number": f"{CARD[:4]} {CARD[4:]}"}, PROVIDER)
    ]
    assert versions == [1, 1, 1, 2]


def test_a_removed_account_keeps_its_version(api: Api, member: str) -> None:
    put(api, member, BANK)
    assert api.delete(PATH, as_=token(member)).status == 204
    assert show(api, member).status == 404
    assert api.delete(PATH, as_=token(member)).status == 404
    assert find_payout_account(member).sealed is None
    assert put(api, member, BANK).body["version"] == 3


def test_a_payout_account_that_was_never_set_is_not_found(api: Api, member: str) -> None:
    assert show(api, member).status == 404
    assert api.delete(PATH, as_=token(member)).status == 404


BAD: list[tuple[Any, str, str]] = [
    ({**BANK, "kind": "cash"}, "kind", "not_one_of"),
    ({name: BANK[name] for name in ("holder", "bank", "account_number")}, "kind", "required"),
    ({**BANK, "holder": ""}, "holder", "blank"),
    ({**BANK, "holder": "李\n雷"}, "holder", "invalid"),
    ({**BANK, "holder": "\u3000"}, "holder", "blank"),
    ({**BANK, "bank": "x" * 61}, "bank", "too_long"),
    ({**BANK, "account_number": "1234567"}, "account_number", "too_short"),
    ({**BANK, "account_number": "1234 5 67"}, "account_number", "invalid_account_number"),
    ({**BANK, "account_number": "1" * 33}, "account_number", "invalid_account_number"),
    ({**BANK, "account_number": "12345678x"}, "account_number", "invalid"),
    ({**BANK, "account_number": CARD[:-1] + "4"}, "account_number", "invalid_account_number"),
    ({**BANK, "account_number": int(CARD)}, "account_number", "invalid"),
    ({"kind": "bank", "holder": "李雷", "account_number": CARD}, "bank", "required"),
    ({**BANK, "swift": "BKCHCNBJ"}, "swift", "unknown_field"),
    ({**PROVIDER, "account": "cus_123456789"}, "account", "invalid"),
    ({**PROVIDER, "holder": "李雷"}, "holder", "unknown_field"),
]


@pytest.mark.parametrize(("body", "field", "code"), BAD)
def test_bad_input_names_the_field_and_changes_nothing(
    api: Api, member: str, body: Any, field: str, code: str
) -> None:
    put(api, member, PROVIDER)
    before = show(api, member).body
    answer = put(api, member, body)
    assert answer.status == 400
    assert [(each["field"], each["code"]) for each in answer.body["errors"]] == [(field, code)]
    assert show(api, member).body == before


def test_only_unionpay_accounts_need_a_check_digit(api: Api, member: str) -> None:
    answer = put(api, member, {**BANK, "account_number": "4000-0234-0920-0123-456"})
    assert (answer.status, answer.body["account_number"]) == (200, "****3456")


def test_two_concurrent_changes_make_two_versions(api: Api, member: str) -> None:
    def change(number: int) -> int:
        account = BankAccount("李雷", f"bank {number}", "12345678")
        return set_payout_account(member, account, clock.now()).version

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(change, range(8)))
    assert sorted(versions) == list(range(1, 9))
