"""Exports and erasures as values: what stands against an erasure, and the file of an export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from chalicelib.kernel.errors import Words
from chalicelib.privacy.errors import ErasureBlocked

Reason = Literal["orders", "returns", "withdrawals", "invoices", "held_points", "staff"]
REASONS: dict[Reason, Words] = {
    "orders": Words("未完成的订单", "orders that are not completed"),
    "returns": Words("处理中的售后", "returns that are not over"),
    "withdrawals": Words("处理中的提现", "withdrawals that are not paid"),
    "invoices": Words("待开具的发票", "invoices that are not issued"),
    "held_points": Words("预扣中的积分", "points that are held"),
    "staff": Words("工作人员权限（请联系管理员收回）", "your role in the staff"),
}
DAY_MS = 86_400_000
# One who closes an account has signed in at most so long ago.
FRESH_MS = 10 * 60 * 1000
# A link to an export is good for so long; the file itself for a day, and another can be had then.
LINK_S = 15 * 60
EXPORT_KEPT_MS = DAY_MS


class Erasure(msgspec.Struct, frozen=True):
    """A member is to be erased at `due_ms`, unless they sign in before."""

    member_id: str
    asked_ms: int
    due_ms: int


class Export(msgspec.Struct, frozen=True):
    """All of a member's data as a file. `key` names it once it is there, `size` is its bytes."""

    member_id: str
    asked_ms: int
    language: str
    key: str | None = None
    size: int = 0
    ready_ms: int | None = None

    def is_good(self, now_ms: int) -> bool:
        """Whether it answers a question of now: on its way, or ready since less than a day."""
        return self.ready_ms is None or now_ms - self.ready_ms < EXPORT_KEPT_MS


class Merged(msgspec.Struct, frozen=True):
    """A member who was merged into another one."""

    id: str
    merged_into: str
    merged_at_ms: int


def check_unblocked(reasons: Sequence[Reason]) -> None:
    """Raises ErasureBlocked if anything stands against an erasure."""
    if not reasons:
        return
    words = [REASONS[each] for each in reasons]
    named = Words("、".join(each.zh for each in words), ", ".join(each.en for each in words))
    raise ErasureBlocked(reasons=list(reasons)).telling(named=named)
