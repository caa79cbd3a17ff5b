"""Codes of vouchers are typed at the counter; who tries too many wrong ones has to wait."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.store.writes import update_alone
from chalicelib.orders.errors import TooManyWrongCodes
from chalicelib.orders.queries.vouchers import get_place
from chalicelib.orders.rules.vouchers import WRONG_CODES_AN_HOUR
from chalicelib.orders.tables.counter import VoucherItem, WrongCodesItem

_HOUR_S = 3600


def place_of(code: str, member_id: str, now: datetime) -> VoucherItem:
    """The line of an order that a code is of, for one of the staff, whose wrong codes are counted.

    Raises NotFound, TooManyWrongCodes.
    """
    at_s = to_ms(now) // 1000
    hour = at_s // _HOUR_S
    if WrongCodesItem.tried_in(member_id, hour) >= WRONG_CODES_AN_HOUR:
        raise TooManyWrongCodes(retry_after_s=(hour + 1) * _HOUR_S - at_s)
    try:
        return get_place(code)
    except NotFound:
        _count(WrongCodesItem.key(member_id), hour)
        raise


def _count(key: WrongCodesItem, hour: int) -> None:
    one_more = [WrongCodesItem.tried.add(1)]
    same = WrongCodesItem.hour == hour
    if update_alone(key, one_more, condition=same):
        return
    first = [WrongCodesItem.hour.set(hour), WrongCodesItem.tried.set(1)]
    is_first = WrongCodesItem.hour.does_not_exist() | (WrongCodesItem.hour < hour)
    if not update_alone(key, first, condition=is_first):
        update_alone(key, one_more, condition=same)
