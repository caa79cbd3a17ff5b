"""An adjustment's item: due for approval while it waits."""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute
from chalicelib.ledger.rules.adjustments import WAITING, Adjustment
from chalicelib.ledger.tables.items import ADJUSTMENT, APPROVALS, LedgerItem, adjustment_key


class AdjustmentItem(LedgerItem):
    """An adjustment by hand in any state."""

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
        return cls.holding(
            adjustment,
            adjustment_key(adjustment.id),
            ADJUSTMENT,
            due_shard=APPROVALS if waits else None,
            due_at=adjustment.created_at_ms // 1000 if waits else None,
        )

    def value(self) -> Adjustment:
        return self.into(Adjustment, id=self.pk.removeprefix("ADJ#"))
