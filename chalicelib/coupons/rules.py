"""What a coupon gives, as data."""

from __future__ import annotations

AMOUNT_OFF, PERCENT_OFF, POINTS_OFF = "amount_off", "percent_off", "points_off"
FREE_FREIGHT, GIFT = "free_freight", "gift"
KINDS = (AMOUNT_OFF, PERCENT_OFF, POINTS_OFF, FREE_FREIGHT, GIFT)
