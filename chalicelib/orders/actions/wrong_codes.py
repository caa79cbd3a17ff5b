"""Codes of vouchers are typed at the counter; who tries too many wrong ones has to wait."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.store.tries import HOUR_S, count_try
from chalicelib.orders.errors import TooManyWrongCodes
from chalicelib.orders.queries.vouchers import get_place
from chalicelib.orders.rules.vouchers import WRONG_CODES_AN_HOUR
from chalicelib.orders.tables.counter import VoucherItem, WrongCodesItem


def place_of(code: str, member_id: str, now: datetime) -> VoucherItem:
    """The line of an order that a code is of, for one of the staff, whose wrong codes are counted.

    Raises NotFound, TooManyWrongCodes.
    """
    at_s = to_ms(now) // 1000
    hour = at_s // HOUR_S
    if WrongCodesItem.tried_in(member_id, hour) >= WRONG_CODES_AN_HOUR:
        raise TooManyWrongCodes(retry_after_s=(hour + 1) * HOUR_S - at_s)
    try:
        return get_place(code)
    except NotFound:
        count_try(WrongCodesItem.key(member_id), hour)
        raise
