"""Refusals of the ledger."""

from chalicelib.kernel.errors import Conflict, NotFound, Words


class InsufficientPoints(Conflict):
    """The account has too few spendable points; `missing_points` is the difference."""

    code = "insufficient_points"
    title = Words("积分不足", "Not enough points")
    hint = Words("还差 {missing_points} 积分", "{missing_points} points are missing")


class EntryExists(Conflict):
    """An entry with this reference exists already; it is the answer."""

    code = "entry_exists"
    title = Words("该笔记录已存在", "This entry was recorded before")


class AccountFrozen(Conflict):
    """A member cannot spend from a frozen account; it still receives points."""

    code = "account_frozen"
    title = Words("账户已冻结", "The account is frozen")
    hint = Words("请联系客服", "Please contact customer service")


class UnderReview(AccountFrozen):
    """A member cannot spend while the account is reviewed; it still receives points."""

    code = "under_review"
    title = Words("账户审核中", "The account is under review")
    hint = Words(
        "审核期间积分暂不能使用，积分不会丢失；如有疑问请联系客服",
        "Points cannot be used until the review has ended, and none are lost. "
        "Customer service can tell you more",
    )


class UnitMismatch(Conflict):
    """The unit does not allow this act, such as a transfer of growth."""

    code = "unit_mismatch"
    title = Words("该类积分不支持此操作", "This cannot be done with this unit")
    hint = Words("{name}不能这样使用", "{name} cannot be used in this way")


class AccountMismatch(Conflict):
    """An entry or a hold belongs to another account."""

    code = "account_mismatch"
    title = Words("该记录属于其他账户", "This belongs to another account")


class NotReversible(Conflict):
    """Only redemptions, transfers and accruals can be taken back; a reversal cannot."""

    code = "not_reversible"
    title = Words("该笔记录不可冲正", "This entry cannot be reversed")
    hint = Words("这是一笔{name}", "It is {name}")


class ClawbackExceedsAccrual(Conflict):
    """The clawback exceeds its accrual; `granted` is the number of points accrued."""

    code = "clawback_exceeds_accrual"
    title = Words("追回积分超过发放积分", "More would be taken back than was given")
    hint = Words("共发放 {granted} 积分", "{granted} points were given")


class TransferLimitReached(Conflict):
    """The transfer exceeds the lowest of all limits, which `limit` names.

    The member can send `at_most` points now. For `times_a_day` it is the limit itself.
    """

    code = "transfer_limit_reached"
    title = Words("超出转赠限额", "Above the limit of transfers")
    hint = Words("还可转赠 {at_most}", "{at_most} more can be given away")


# Hints by the name of the limit, and the hint when nothing is left.
LIMITS = {
    "points_at_once": Words(
        "每次最多转赠 {at_most} 积分", "{at_most} points at most can be given away at once"
    ),
    "points_a_day": Words(
        "今天还可转赠 {at_most} 积分", "{at_most} more points can be given away today"
    ),
    "times_a_day": Words(
        "每天最多转赠 {at_most} 次，请明天再试", "{at_most} gifts a day at most: try tomorrow"
    ),
}
NO_MORE_TODAY = Words(
    "今天的转赠额度已用完，请明天再试", "Nothing more can be given away today: try tomorrow"
)


class TransferToSelf(Conflict):
    """The receiver is the sender."""

    code = "transfer_to_self"
    title = Words("不能转赠给自己", "A transfer to oneself")


class HoldNotFound(NotFound):
    """The partner has no such hold."""

    code = "hold_not_found"
    title = Words("未找到该笔预扣", "No such hold")


class HoldEnded(Conflict):
    """The hold was captured, released or has timed out: see `hold_status`."""

    code = "hold_ended"
    title = Words("该笔预扣已结束", "The hold has ended")
    hint = Words("状态：{state}", "It is {state}")


class CaptureExceedsHold(Conflict):
    """The capture exceeds the hold; `held` is the number of points held."""

    code = "capture_exceeds_hold"
    title = Words("扣减积分超过预扣积分", "More than is held")
    hint = Words("预扣 {held} 积分", "{held} points are held")


class HoldLapsed(Conflict):
    """Points lapsed while they were held; `capturable` is the number left."""

    code = "hold_lapsed"
    title = Words("预扣积分已部分到期", "Points lapsed while they were held")
    hint = Words("可扣 {capturable} 积分", "{capturable} points may be captured")


class SecondPersonRequired(Conflict):
    """An adjustment's author and its member cannot approve it."""

    code = "second_person_required"
    title = Words("须由另一人审批", "Somebody else has to approve this")


class AdjustmentExists(Conflict):
    """An earlier try made this adjustment; it is the answer."""

    code = "adjustment_exists"
    title = Words("该调整已提交", "This adjustment was made before")


class TotalsNotClosed(Conflict):
    """The open days have too many entries; `closed_until` is the last closed day."""

    code = "totals_not_closed"
    title = Words("该日期的汇总尚未完成", "The totals of these days are not made yet")
    hint = Words("已汇总至 {closed_until}", "Days up to {closed_until} are closed")
