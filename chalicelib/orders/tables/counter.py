"""Items of bookings and vouchers, in the orders table: an order's codes are sealed together, and
each is found by a keyed hash.

<order>         VOUCHERS    the codes of its lines, and how they ended
VOUCHER#<hash>  VOUCHER     which line of which order has a code
SLOT#<slot>     <member>    which order of a member is booked for a slot
CODES#<member>  WRONG       how many codes one of the staff tried in an hour that no voucher has
"""

from __future__ import annotations

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.crypto import decrypt, encrypt, keyed_hash
from chalicelib.kernel.spelling import letters_of
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.orders.rules.vouchers import VOUCHER_QUEUE, VoucherEnd, Vouchers
from chalicelib.orders.tables.items import OrdersItem, sortable

VOUCHERS, VOUCHER, WRONG = "VOUCHERS", "VOUCHER", "WRONG"


class VouchersItem(OrdersItem):
    """The vouchers of an order; while the sweep has to look at them, they are in its queue."""

    codes = BytesAttribute()
    expires_at = IntegerAttribute()  # epoch milliseconds
    ends = StructAttribute[dict[str, VoucherEnd]](dict[str, VoucherEnd], null=True)

    @classmethod
    def of(cls, vouchers: Vouchers) -> VouchersItem:
        codes = encrypt(msgspec.json.encode(vouchers.codes), _bound(vouchers.order_id))
        due_ms = vouchers.due_ms
        return cls(
            vouchers.order_id,
            VOUCHERS,
            codes=codes,
            expires_at=vouchers.expires_at_ms,
            ends=dict(vouchers.ends) or None,
            queue=None if due_ms is None else VOUCHER_QUEUE,
            queue_at=None if due_ms is None else sortable(due_ms),
        )

    def value(self) -> Vouchers:
        opened = decrypt(self.codes, _bound(self.pk))
        return Vouchers(
            self.pk,
            msgspec.json.decode(opened, type=dict[str, str]),
            self.expires_at,
            int(self.queue_at) if self.queue_at else None,
            self.ends or {},
        )


class VoucherItem(OrdersItem):
    """The line of an order that a voucher's code is of."""

    order_id = UnicodeAttribute()
    sku = UnicodeAttribute()

    @staticmethod
    def key_of(code: str) -> tuple[str, str]:
        hashed = keyed_hash("voucher", letters_of(code))[:16].hex()
        return f"VOUCHER#{hashed}", VOUCHER

    @classmethod
    def of(cls, code: str, order_id: str, sku: str) -> VoucherItem:
        return cls(*cls.key_of(code), order_id=order_id, sku=sku)


class BookedItem(OrdersItem):
    """That a member's order is booked for a slot: once for each member."""

    order_id = UnicodeAttribute()

    @staticmethod
    def key_of(slot_id: str) -> str:
        return f"SLOT#{slot_id}"

    @classmethod
    def key(cls, slot_id: str, member_id: str) -> BookedItem:
        return cls(cls.key_of(slot_id), member_id)


class WrongCodesItem(OrdersItem):
    """The last hour in which one of the staff tried codes that no voucher has, and how many."""

    hour = IntegerAttribute()  # hours since 1970
    tried = IntegerAttribute()

    @classmethod
    def key(cls, member_id: str) -> WrongCodesItem:
        return cls(f"CODES#{member_id}", WRONG)

    @classmethod
    def tried_in(cls, member_id: str, hour: int) -> int:
        """As of a moment ago: some tries at once may pass a limit, and are counted."""
        item = cls.find(f"CODES#{member_id}", WRONG, consistent=False)
        return item.tried if item and item.hour == hour else 0


def _bound(order_id: str) -> str:
    return f"vouchers:{order_id}"
