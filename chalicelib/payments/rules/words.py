"""The names of a refund's states for the staff."""

from __future__ import annotations

from chalicelib.kernel.errors import NotAllowedInThisState, Words

_STATES = {
    "due": Words("待退款", "Due"),
    "sent": Words("退款中", "On its way"),
    "succeeded": Words("已退款", "Succeeded"),
    "failed": Words("退款失败", "Failed"),
    "by_hand": Words("线下退款", "By bank transfer"),
    "closed": Words("已关闭", "Closed"),
    "canceled": Words("未成立", "Canceled"),
}


def not_allowed(status: str) -> NotAllowedInThisState:
    """The refusal of an act on a refund of cash in this state."""
    return NotAllowedInThisState(status=status).telling(state=_STATES[status])
