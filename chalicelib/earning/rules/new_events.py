"""What is asked of an event that was not recorded before; a retry of an older one is none."""

from __future__ import annotations

from chalicelib.earning.rules.orders import MoneyEvent, PaidOrder, PartnerEvent
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.money import CURRENCIES

DAY_MS = 86_400_000
NOT_THE_SUM = Words("不等于各项金额之和", "is not the sum of the items' amounts")
_NO_CURRENCY = Words("没有这种货币", "is no currency")


def check_new(event: PartnerEvent, now_ms: int, age_days: int, currency: str) -> None:
    """Check that an event is young enough, and that its money is consistent.

    Raises Invalid naming the field.
    """
    if age_days and event.occurred_at_ms < now_ms - age_days * DAY_MS:
        words = Words(f"发生时间早于 {age_days} 天前", f"lies more than {age_days} days back")
        raise Invalid(FieldError("occurred_at", "too_old", words))
    if isinstance(event, MoneyEvent) and event.currency not in CURRENCIES | {currency}:
        raise Invalid(FieldError("data.currency", "unknown_currency", _NO_CURRENCY))
    if not isinstance(event, PaidOrder) or not event.items:
        return
    if sum(item.amount for item in event.items) != event.amount:
        raise Invalid(FieldError("data.amount", "not_the_sum", NOT_THE_SUM))
