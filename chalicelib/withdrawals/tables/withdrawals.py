"""The items of withdrawals: each one, its place in its member's list, the limits, bank files."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.withdrawals.rules.bank_files import BankFile
from chalicelib.withdrawals.rules.withdrawals import Step, Withdrawal
from chalicelib.withdrawals.tables.items import WithdrawalsItem
from chalicelib.withdrawals.tables.payout_accounts import member_key

WITHDRAWAL = "WITHDRAWAL"
MINE = "WDR#"
LIMIT = "LIMIT#"
FILE = "FILE"
DUE = "withdrawals"
BANK_FILES = "bank_files"


class WithdrawalItem(WithdrawalsItem):
    """A withdrawal, listed under its status, due while the provider is to be asked."""

    member_id = UnicodeAttribute()
    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    kind = UnicodeAttribute()
    destination = BytesAttribute()
    account_version = IntegerAttribute()
    content = BytesAttribute()
    created_at = IntegerAttribute()
    status = UnicodeAttribute()
    version = IntegerAttribute()
    steps = StructAttribute[tuple[Step, ...]](tuple[Step, ...])
    reason = UnicodeAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    bank_file = UnicodeAttribute(null=True)
    bank_reference = UnicodeAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    fee = IntegerAttribute()
    returned = IntegerAttribute(null=True)
    return_reference = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, made: Withdrawal) -> WithdrawalItem:
        due = made.due_at_ms
        return cls.holding(
            made,
            withdrawal_key(made.id),
            WITHDRAWAL,
            list_name=list_of(made.status),
            list_order=order_of(made.created_at_ms, made.id),
            due_shard=None if due is None else DUE,
            due_at=None if due is None else due // 1000,
        )

    def value(self) -> Withdrawal:
        due_at_ms = self.due_at * 1000 if self.due_at else None
        return self.into(Withdrawal, id=self.pk.removeprefix("WDR#"), due_at_ms=due_at_ms)


class MineItem(WithdrawalsItem):
    """A withdrawal's place in its member's list, by the time of asking: keys alone.

    `seq` is that of the account whose money it holds: it tells two of one millisecond apart.
    Earlier releases wrote none.
    """

    @classmethod
    def of(cls, made: Withdrawal, seq: int) -> MineItem:
        place = order_of(made.created_at_ms, f"{seq:010d}#{made.id}")
        return cls(member_key(made.member_id), MINE + place)

    @property
    def withdrawal_id(self) -> str:
        return self.sk.rpartition("#")[2]


class LimitItem(WithdrawalsItem):
    """A member's withdrawals of a program day or month, less returns."""

    taken = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str, period: str) -> LimitItem:
        return cls(member_key(member_id), LIMIT + period)


class BankFileItem(WithdrawalsItem):
    """A bank file: which withdrawals it tells the bank to pay, in their order."""

    withdrawals = StructAttribute[tuple[str, ...]](tuple[str, ...])
    total = IntegerAttribute()
    currency = UnicodeAttribute()
    author = UnicodeAttribute()
    content = BytesAttribute()
    created_at = IntegerAttribute()

    @classmethod
    def of(cls, made: BankFile) -> BankFileItem:
        order = order_of(made.created_at_ms, made.id)
        key = bank_file_key(made.id)
        return cls.holding(made, key, FILE, list_name=BANK_FILES, list_order=order)

    def value(self) -> BankFile:
        return self.into(BankFile, id=self.pk.removeprefix("BNK#"))


def withdrawal_key(withdrawal_id: str) -> str:
    return f"WDR#{withdrawal_id}"


def bank_file_key(file_id: str) -> str:
    return f"BNK#{file_id}"


def list_of(status: str) -> str:
    return f"withdrawals:{status}"


def order_of(at_ms: int, made_id: str) -> str:
    return f"{at_ms:015d}#{made_id}"
