"""What the ledger refuses."""

from chalicelib.kernel.errors import Conflict, Words


class InsufficientPoints(Conflict):
    """The account has fewer spendable points than asked; `missing_points` tells how many."""

    code = "insufficient_points"
    title = Words("积分不足", "Not enough points")
    hint = Words("还差 {missing_points} 积分", "{missing_points} points are missing")


class EntryExists(Conflict):
    """An entry with this reference stands already: read it, it is the answer."""

    code = "entry_exists"
    title = Words("该笔记录已存在", "This entry was recorded before")
