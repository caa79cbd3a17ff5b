"""Refusals of withdrawals."""

from chalicelib.kernel.errors import Conflict, Words


class PayoutAccountRequired(Conflict):
    """The member has no payout account."""

    code = "payout_account_required"
    title = Words("请先设置收款账户", "Set a payout account first")


class PayoutAccountChanged(Conflict):
    """The payout account has changed since this withdrawal was requested: it is not paid."""

    code = "payout_account_changed"
    title = Words("申请后收款账户已变更", "The payout account has changed since the request")


class WithdrawalBelowMinimum(Conflict):
    """Less than the smallest withdrawal, `at_least` minor units."""

    code = "withdrawal_below_minimum"
    title = Words("低于最低提现金额", "Below the smallest withdrawal")
    hint = Words("每次最低提现 {at_least}", "{at_least} at least can be withdrawn at once")
    money = frozenset({"at_least"})


class WithdrawalLimitReached(Conflict):
    """Above the lowest limit: `limit` names it, and `at_most` can be withdrawn now.

    `at_most` is 0 where less than the minimum is left.
    """

    code = "withdrawal_limit_reached"
    title = Words("超出提现限额", "Above the limit of withdrawals")
    hint = Words("还可提现 {at_most}", "{at_most} more can be withdrawn")
    money = frozenset({"at_most"})


# By limit: the texts for an amount left, for too little left and for nothing left.
LIMITS = {
    "a_day": Words("今天还可提现 {at_most}", "{at_most} more can be withdrawn today"),
    "a_month": Words("本月还可提现 {at_most}", "{at_most} more can be withdrawn this month"),
}
TOO_LITTLE = {
    "a_day": Words(
        "今天的剩余额度低于最低提现金额，请明天再试",
        "Less than the minimum is left for today: try tomorrow",
    ),
    "a_month": Words(
        "本月的剩余额度低于最低提现金额，请下月再试",
        "Less than the minimum is left for this month: try next month",
    ),
}
USED_UP = {
    "a_day": Words(
        "今天的提现额度已用完，请明天再试", "Nothing more can be withdrawn today: try tomorrow"
    ),
    "a_month": Words(
        "本月的提现额度已用完，请下月再试",
        "Nothing more can be withdrawn this month: try next month",
    ),
}


class WithdrawalExists(Conflict):
    """An earlier try made this withdrawal: the answer returns it."""

    code = "withdrawal_exists"
    title = Words("该提现申请已提交", "This withdrawal was requested before")


class BankFileExists(Conflict):
    """An earlier try made this bank file: the answer returns it."""

    code = "bank_file_exists"
    title = Words("该银行文件已生成", "This bank file was made before")


class NothingToExport(Conflict):
    """No approved withdrawal waits for a bank file."""

    code = "nothing_to_export"
    title = Words("没有待付款的提现", "No approved withdrawal waits for the bank")
