"""A member's payout account: a bank account, or an account at the provider."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from chalicelib.kernel.errors import FieldError, Invalid, Words

BANK_KIND, PROVIDER_KIND = "bank", "provider"
_DIGITS = re.compile(r"[0-9]{8,32}\Z")
_UNIONPAY_CARD = re.compile(r"62[0-9]{14,17}\Z")


class BankAccount(msgspec.Struct, frozen=True, tag_field="kind", tag=BANK_KIND):
    """An account that finance pays by a bank file; `account_number` is digits."""

    holder: str
    bank: str
    account_number: str


class ProviderAccount(msgspec.Struct, frozen=True, tag_field="kind", tag=PROVIDER_KIND):
    """An account that the provider pays (`acct_…`)."""

    account: str


PayoutAccount = BankAccount | ProviderAccount
# Where the withdrawals of a member went who was erased.
NOBODY = BankAccount("", "", "")


class StoredPayoutAccount(NamedTuple):
    """A member's payout account as stored: `sealed` is None if the member has none now."""

    sealed: bytes | None
    version: int
    updated_at_ms: int


def kind_of(account: PayoutAccount) -> str:
    return BANK_KIND if isinstance(account, BankAccount) else PROVIDER_KIND


def checked(account: PayoutAccount) -> PayoutAccount:
    """The account without outer spaces, its number as digits alone.

    Raises Invalid naming the field.
    """
    if isinstance(account, ProviderAccount):
        return account
    holder, bank = _line(account.holder, "holder"), _line(account.bank, "bank")
    number = re.sub(r"[ -]", "", account.account_number)
    if not _DIGITS.match(number):
        words = Words("须为 8 至 32 位数字", "must be 8 to 32 digits")
        raise Invalid(FieldError("account_number", "invalid_account_number", words))
    if _UNIONPAY_CARD.match(number) and not passes_luhn(number):
        words = Words("银行卡号校验位有误", "has a wrong check digit")
        raise Invalid(FieldError("account_number", "invalid_account_number", words))
    return BankAccount(holder, bank, number)


def _line(text: str, field: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise Invalid(FieldError(field, "blank", Words("不能为空", "must not be blank")))
    return stripped


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of the others.

    Source: ISO/IEC 7812-1, annex B.
    """
    values = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in values) % 10 == 0


def masked(account: PayoutAccount) -> PayoutAccount:
    """The account for display: the holder's first character and the last four of a number."""
    if isinstance(account, ProviderAccount):
        return ProviderAccount(f"acct_****{account.account[-4:]}")
    holder = account.holder[:1] + "*" * len(account.holder[1:])
    return BankAccount(holder, account.bank, f"****{account.account_number[-4:]}")
