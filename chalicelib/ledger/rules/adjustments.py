"""Adjustments by hand. Large ones and those of one's own account wait for a second person."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from chalicelib.ledger.errors import SecondPersonRequired
from chalicelib.ledger.rules import words
from chalicelib.ledger.rules.units import REBATE_CASH

WAITING, APPLIED, REJECTED = "waiting", "applied", "rejected"


class Adjustment(msgspec.Struct, frozen=True):
    """Points (±) for an account by `author`, the id of a member of the staff.

    Given points lapse at `expires_at` (epoch seconds), None for the unit's own policy.
    `reason` is sealed to the adjustment's id; `content` tells a retry from another request.
    """

    id: str
    account_id: str
    points: int
    expires_at: int | None
    reason: bytes
    author: str
    content: bytes
    created_at_ms: int
    status: str = WAITING
    needed_approval: bool = False
    decided_by: str | None = None

    @property
    def reference(self) -> str:
        return f"adjustment:{self.id}"

    @property
    def member_id(self) -> str:
        return self.account_id.partition(":")[0]

    def needs_another(self, alone_at_most: int, rebate_alone_at_most: int) -> bool:
        """Whether it needs a second person: it is large, or of its author's own account.

        Given rebate cash can be withdrawn as money, so it has its own limit.
        """
        is_money = self.account_id.endswith(f":{REBATE_CASH}") and self.points > 0
        at_most = rebate_alone_at_most if is_money else alone_at_most
        return abs(self.points) > at_most or self.author == self.member_id

    def decided(self, by: str, status: str) -> Adjustment:
        """The adjustment after the decision of `by`.

        Raises NotAllowedInThisState, SecondPersonRequired.
        """
        if self.status != WAITING:
            raise words.not_allowed(self.status)
        # Its author and its member may reject it, but not approve it.
        if by in (self.author, self.member_id) and status == APPLIED:
            raise SecondPersonRequired()
        return replace(self, status=status, decided_by=by)
