"""An adjustment's item: due for approval while it waits."""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute
from chalicelib.ledger.rules.adjustments import WAITING, Adjustment
from chalicelib.ledger.tables.items import ADJUSTMENT, APPROVALS, LedgerItem, adjustment_key


class AdjustmentItem(LedgerItem):
    """An adjustment by hand, whatever became of it."""

    account_id = UnicodeAttribute()
    points = IntegerAttribute()
    expires_at = IntegerAttribute(null=True)
    reason = BytesAttribute()
    author = UnicodeAttribute()
    content = BytesAttribute()
    created_at = IntegerAttribute()
    status = UnicodeAttribute()
    needed_approval = BooleanAttribute()
    decided_by = UnicodeAttribute(null=True)

    @classmethod
    def of(cls, adjustment: Adjustment) -> AdjustmentItem:
        waits = adjustment.status == WAITING
        return cls(
            adjustment_key(adjustment.id), ADJUSTMENT, account_id=adjustment.account_id,
            points=adjustment.points, expires_at=adjustment.expires_at,
            reason=adjustment.reason, author=adjustment.author, content=adjustment.content,
            created_at=adjustment.created_at_ms, status=adjustment.status,
            needed_approval=adjustment.needed_approval, decided_by=adjustment.decided_by,
            due_shard=APPROVALS if waits else None,
            due_at=adjustment.created_at_ms // 1000 if waits else None,
        )  # fmt: skip

    def value(self) -> Adjustment:
        return Adjustment(
            id=self.pk.removeprefix("ADJ#"), account_id=self.account_id, points=self.points,
            expires_at=self.expires_at, reason=self.reason, author=self.author,
            content=self.content, created_at_ms=self.created_at, status=self.status,
            needed_approval=self.needed_approval, decided_by=self.decided_by,
        )  # fmt: skip
