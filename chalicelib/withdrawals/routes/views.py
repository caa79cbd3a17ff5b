"""Views of payout accounts, withdrawals and bank files, for members and staff."""

from __future__ import annotations

from typing import Literal, cast

import msgspec

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import shaped
from chalicelib.withdrawals.rules.bank_files import BankFile, BankLine, bank_csv
from chalicelib.withdrawals.rules.payout_accounts import (
    BankAccount,
    PayoutAccount,
    ProviderAccount,
    StoredPayoutAccount,
    kind_of,
    masked,
)
from chalicelib.withdrawals.rules.withdrawals import APPROVED, REJECTED, STATUS_WORDS, Withdrawal

Status = Literal["requested", "approved", "rejected", "paying", "paid", "failed"]


class DestinationView(msgspec.Struct):
    """The payout account of a withdrawal's request, masked."""

    kind: Literal["bank", "provider"]
    holder: str | None
    bank: str | None
    account_number: str | None
    account: str | None


class PayoutAccountView(DestinationView):
    """The payout account, masked: a bank account, or the provider's `account`."""

    version: int
    updated_at: str


class WithdrawalStepView(msgspec.Struct):
    """A state of the withdrawal, and when it began."""

    status: Status
    at: str


class WithdrawalView(msgspec.Struct):
    """A withdrawal of rebate cash. `reason` is why it was rejected or failed; `returned` is the
    part of a paid one that came back.
    """

    id: str
    status: Status
    status_text: str
    amount: Money
    destination: DestinationView
    reason: str | None
    returned: Money
    created_at: str
    timeline: list[WithdrawalStepView]


class StaffWithdrawalView(WithdrawalView):
    """A withdrawal for finance. `failure` is the provider's code, `fee` the provider's fee,
    `bank_reference` the bank's reference of the payment, `return_reference` that of the return.
    """

    member_id: str
    decided_by: str | None
    failure: str | None
    fee: Money
    bank_file: str | None
    bank_reference: str | None
    return_reference: str | None
    provider_id: str | None
    version: int


class BankFileView(msgspec.Struct):
    """A file of withdrawals for the bank to pay."""

    id: str
    count: int
    total: Money
    author: str
    created_at: str


def payout_account_view(account: PayoutAccount, stored: StoredPayoutAccount) -> PayoutAccountView:
    return shaped(
        PayoutAccountView,
        _destination(account),
        version=stored.version,
        updated_at=rfc3339_ms(stored.updated_at_ms),
    )


def _destination(account: PayoutAccount) -> DestinationView:
    kind, shown = cast(Literal["bank", "provider"], kind_of(account)), masked(account)
    if isinstance(shown, ProviderAccount):
        return DestinationView(kind, None, None, None, shown.account)
    return DestinationView(kind, shown.holder, shown.bank, shown.account_number, None)


def withdrawal_view(made: Withdrawal, account: PayoutAccount, language: str) -> WithdrawalView:
    return shaped(
        WithdrawalView,
        made,
        status_text=STATUS_WORDS[made.status].in_language(language),
        amount=Money(made.amount, made.currency),
        destination=_destination(account),
        returned=Money(made.returned, made.currency),
        timeline=[shaped(WithdrawalStepView, step) for step in made.steps],
    )


def staff_withdrawal_view(
    made: Withdrawal, account: PayoutAccount, language: str
) -> StaffWithdrawalView:
    seen = withdrawal_view(made, account, language)
    return shaped(
        StaffWithdrawalView,
        made,
        **msgspec.structs.asdict(seen),
        decided_by=made.by_whom(REJECTED) or made.by_whom(APPROVED),
        fee=Money(made.fee, made.currency),
    )


def bank_file_view(made: BankFile) -> BankFileView:
    return BankFileView(
        made.id,
        len(made.withdrawals),
        Money(made.total, made.currency),
        made.author,
        rfc3339_ms(made.created_at_ms),
    )


def bank_line(made: Withdrawal, account: PayoutAccount) -> BankLine:
    """A withdrawal's line in its bank file; it never changes."""
    assert isinstance(account, BankAccount), "a bank file pays bank accounts"
    day = clock.program_day(clock.from_ms(made.created_at_ms))
    return BankLine(made.id, account, made.amount, made.currency, day.isoformat())


PAYOUT_ACCOUNT_EXAMPLE = {
    "kind": "bank",
    "holder": "李*",
    "bank": "中国银行上海分行",
    "account_number": "****1233",
    "account": None,
    "version": 1,
    "updated_at": "2026-11-21T08:00:00Z",
}
WITHDRAWAL_EXAMPLE = {
    "id": "wdr_5c3bqbzkmvnl2hwmbkqk5pnjhm", "status": "requested", "status_text": "待审核",
    "amount": {"amount": 12000, "currency": "CNY"},
    "destination": {
        "kind": "bank", "holder": "李*", "bank": "中国银行上海分行",
        "account_number": "****1233", "account": None,
    },
    "reason": None, "returned": {"amount": 0, "currency": "CNY"},
    "created_at": "2026-11-21T08:00:00Z",
    "timeline": [{"status": "requested", "at": "2026-11-21T08:00:00Z"}],
}  # fmt: skip
STAFF_WITHDRAWAL_EXAMPLE = {
    **WITHDRAWAL_EXAMPLE, "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe", "decided_by": None,
    "failure": None, "fee": {"amount": 0, "currency": "CNY"}, "bank_file": None,
    "bank_reference": None, "return_reference": None, "provider_id": None, "version": 1,
}  # fmt: skip
BANK_FILE_EXAMPLE = {
    "id": "bnk_3ndq2kzvdkwqymh6dz4wmbyziu", "count": 2,
    "total": {"amount": 30000, "currency": "CNY"}, "author": "mbr_3ndq2kzvdkwqymh6dz4wmbyziu",
    "created_at": "2026-11-21T09:00:00Z",
}  # fmt: skip
BANK_CSV_EXAMPLE = bank_csv(
    [
        BankLine(
            "wdr_5c3bqbzkmvnl2hwmbkqk5pnjhm",
            BankAccount("李雷", "中国银行上海分行", "6217000012345671233"),
            12000, "CNY", "2026-11-21",
        )
    ]
)  # fmt: skip
