"""A new payout account is checked field by field."""

from __future__ import annotations

import pytest

from chalicelib.kernel.errors import Invalid
from chalicelib.withdrawals.rules.payout_accounts import (
    BankAccount,
    ProviderAccount,
    checked,
    kind_of,
    masked,
    passes_luhn,
)

pytestmark = pytest.mark.pure

CARD = "6222021234567890"  # its check digit is wrong; RIGHT has the right one
RIGHT = "6222021234567894"


def bank(number: str = "12345678", holder: str = "欧阳", name: str = "农行") -> BankAccount:
    return BankAccount(holder, name, number)


def test_an_account_is_at_a_bank_or_at_the_provider() -> None:
    assert (kind_of(bank()), kind_of(ProviderAccount("acct_1"))) == ("bank", "provider")
    assert checked(ProviderAccount(" acct_1 ")) == ProviderAccount(" acct_1 ")


def test_outer_spaces_and_the_gaps_of_a_number_are_dropped() -> None:
    given = bank("1234-5678 90", "  欧阳 小满 ", " 农行 ")
    assert checked(given) == bank("1234567890", "欧阳 小满")


@pytest.mark.parametrize(
    ("account", "field", "code", "zh", "en"),
    [
        (bank(holder=" "), "holder", "blank", "不能为空", "must not be blank"),
        (bank(name="\u3000"), "bank", "blank", "不能为空", "must not be blank"),
        (bank("1234567"), "account_number", "invalid_account_number",
         "须为 8 至 32 位数字", "must be 8 to 32 digits"),
        (bank("1" * 33), "account_number", "invalid_account_number",
         "须为 8 至 32 位数字", "must be 8 to 32 digits"),
        (bank("1234567x"), "account_number", "invalid_account_number",
         "须为 8 至 32 位数字", "must be 8 to 32 digits"),
        (bank(CARD), "account_number", "invalid_account_number",
         "银行卡号校验位有误", "has a wrong check digit"),
    ],
)  # fmt: skip
def test_an_invalid_account_is_refused_by_its_field(
    account: BankAccount, field: str, code: str, zh: str, en: str
) -> None:
    with pytest.raises(Invalid) as refused:
        checked(account)
    (found,) = refused.value.fields
    assert (found.field, found.code) == (field, code)
    assert (found.message.zh, found.message.en) == (zh, en)


@pytest.mark.parametrize("number", ["1" * 8, "1" * 32, RIGHT, "62" + "1" * 12, "62" + "1" * 19])
def test_numbers_of_bank_accounts_are_accepted(number: str) -> None:
    assert checked(bank(number)).account_number == number  # type: ignore[union-attr]


def test_the_check_digit_sums_both_digits_of_a_doubled_one() -> None:
    assert [
        number
        for number in ("18", "26", "34", "42", "59", "67", "75", "83", "91", "00")
        if not passes_luhn(number)
    ] == []
    assert not passes_luhn("19")


def test_a_mask_leaves_the_first_character_and_four_digits() -> None:
    assert masked(bank("1234567890", "欧")) == bank("****7890", "欧")
    assert masked(bank("1234567890", "欧阳小")) == bank("****7890", "欧**")
    assert masked(ProviderAccount("acct_1PgafTB7")) == ProviderAccount("acct_****fTB7")
