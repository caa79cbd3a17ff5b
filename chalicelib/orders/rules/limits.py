"""The limits of one order."""

from __future__ import annotations

from chalicelib.kernel.errors import Words
from chalicelib.orders.errors import ONE_ORDER, LimitReached

# Each code takes two of the 100 writes of a transaction; the order and each of its SKUs one.
_MOST_CODES, _CODE_WRITES = 40, 99


def most_codes(skus: int) -> int:
    """The most codes that one order may have over so many SKUs."""
    return min(_MOST_CODES, (_CODE_WRITES - skus) // 2)


def check_at_once(
    product_id: str, title: Words, quantity: int, limit: int | None, per_member: int | None
) -> None:
    """Check the quantity of a product against the limit of one order.

    The refusal suggests another order, unless the member's own limit is lower.

    Raises LimitReached.
    """
    if limit is None or quantity <= limit:
        return
    refusal = LimitReached(product_id=product_id, limit=limit).telling(title=title)
    if per_member is not None and quantity > per_member:
        raise refusal.telling(limit=min(limit, per_member))
    raise refusal.saying(ONE_ORDER)
