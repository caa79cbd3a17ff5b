"""Names of units, entries, holds and states of accounts, for people."""

from __future__ import annotations

from chalicelib.kernel import money
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import NotAllowedInThisState, Words
from chalicelib.ledger.errors import InsufficientPoints

REBATE_CASH = "rebate_cash"
UNIT_NAMES = {
    "points": Words("积分", "Points"),
    "growth": Words("成长值", "Growth"),
    REBATE_CASH: Words("返利", "Rebate cash"),
}
ENTRIES = {
    "accrual": Words("获得", "an accrual"),
    "unlock": Words("解锁", "an unlock"),
    "hold": Words("预扣", "a hold"),
    "capture": Words("预扣扣减", "a capture"),
    "release": Words("预扣释放", "a release"),
    "redemption": Words("兑换", "a redemption"),
    "expiry": Words("到期", "an expiry"),
    "transfer_out": Words("转赠", "a gift sent"),
    "transfer_in": Words("受赠", "a gift received"),
    "merge_out": Words("账号合并转出", "a merger out"),
    "merge_in": Words("账号合并转入", "a merger in"),
    "adjustment": Words("调整", "an adjustment"),
    "reversal": Words("冲正", "a reversal"),
    "clawback": Words("追回", "a clawback"),
}
HOLD_NAMES = {
    "held": Words("预扣中", "held"),
    "captured": Words("已扣减", "captured"),
    "released": Words("已释放", "released"),
    "expired": Words("已超时", "timed out"),
}
_STATES = {
    "waiting": Words("待审批", "Waiting for approval"),
    "applied": Words("已生效", "Applied"),
    "rejected": Words("已驳回", "Rejected"),
    "active": Words("正常", "Active"),
    "credits_pending": Words("新积分待确认", "New points wait"),
    "under_review": Words("审核中", "Under review"),
    "frozen": Words("已冻结", "Frozen"),
}


def not_allowed(status: str) -> NotAllowedInThisState:
    """The refusal of an act in this state of an adjustment or an account."""
    return NotAllowedInThisState(status=status).telling(state=_STATES[status])


def insufficient(unit: str, missing: int) -> InsufficientPoints:
    """The refusal for too few points of a unit; it shows rebate cash as money."""
    refusal = InsufficientPoints(missing_points=missing)
    if unit != REBATE_CASH:
        return refusal
    currency = config().currency
    cash = Words(*(money.spoken(missing, currency, language) for language in ("zh-CN", "en")))
    return refusal.telling(cash=cash).saying(
        Words("返利余额还差 {cash}", "{cash} of rebate are missing")
    )
