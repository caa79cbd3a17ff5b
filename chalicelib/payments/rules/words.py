"""The names of a refund's states for the staff."""

from __future__ import annotations

from chalicelib.kernel.errors import NotAllowedInThisState, Words
from chalicelib.payments.rules.payments import (
    BY_HAND,
    CANCELED,
    CLOSED,
    DUE,
    FAILED,
    SENT,
    SUCCEEDED,
)

_STATES = {
    DUE: Words("待退款", "Due"),
    SENT: Words("退款中", "On its way"),
    SUCCEEDED: Words("已退款", "Succeeded"),
    FAILED: Words("退款失败", "Failed"),
    BY_HAND: Words("线下退款", "By bank transfer"),
    CLOSED: Words("已关闭", "Closed"),
    CANCELED: Words("未成立", "Canceled"),
}


def not_allowed(status: str) -> NotAllowedInThisState:
    """The refusal of an act on a refund of cash in this state."""
    return NotAllowedInThisState(status=status).telling(state=_STATES[status])
