"""Two members who prove to be one person: who may be merged into whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from chalicelib.kernel.errors import Words
from chalicelib.members.errors import MergeBlocked
from chalicelib.members.rules.externals import MAX_EXTERNAL_IDS
from chalicelib.members.rules.people import MAX_IDENTITIES

Reason = Literal[
    "frozen",
    "under_review",
    "erasure",
    "staff",
    "own_account",
    "withdrawals",
    "identities",
    "external_ids",
    "merges",
]
REASONS: dict[Reason, Words] = {
    "frozen": Words("其中一位会员已被冻结", "one of them is frozen"),
    "under_review": Words("其中一位会员正在审核中", "one of them is under review"),
    "erasure": Words("其中一位会员正在注销", "one of them is closing the account"),
    "staff": Words("被合并的会员是工作人员", "the one who is merged is one of the staff"),
    "own_account": Words("其中一位会员是您本人", "one of them is yourself"),
    "withdrawals": Words("被合并的会员有处理中的提现", "a withdrawal of the one is not paid yet"),
    "identities": Words("登录方式合计超过上限", "together they sign in in too many ways"),
    "external_ids": Words("外部编号合计超过上限", "together they have too many external ids"),
    "merges": Words("合并次数已达上限", "too many members were merged into this one"),
}
# Lists of a member are read under each of their ids.
MOST_MERGED = 5


class Side(msgspec.Struct, frozen=True):
    """What counts of a member who is to be merged, or into whom another is."""

    identities: int
    external_ids: int
    merged: int
    is_staff: bool
    is_leaving: bool


def reasons_against(one: Side, other: Side) -> list[Reason]:
    """What of two profiles stands against merging one into the other."""
    found: dict[Reason, bool] = {
        "erasure": one.is_leaving or other.is_leaving,
        "staff": one.is_staff,
        "identities": one.identities + other.identities > MAX_IDENTITIES,
        "external_ids": one.external_ids + other.external_ids > MAX_EXTERNAL_IDS,
        "merges": one.merged + other.merged >= MOST_MERGED,
    }
    return [reason for reason, is_so in found.items() if is_so]


def check_unblocked(reasons: Sequence[Reason]) -> None:
    """Raises MergeBlocked if anything stands against a merge."""
    if not reasons:
        return
    ordered = [each for each in REASONS if each in reasons]
    words = [REASONS[each] for each in ordered]
    named = Words("；".join(each.zh for each in words), "; ".join(each.en for each in words))
    raise MergeBlocked(reasons=ordered).telling(named=named)
