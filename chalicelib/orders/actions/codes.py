"""The codes of a completed order of virtual goods: handed out once."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from chalicelib import catalog
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.orders.actions import returning
from chalicelib.orders.queries.orders import find_order, get_order
from chalicelib.orders.rules import Order, OrderAct
from chalicelib.orders.rules.stock import awaits_codes
from chalicelib.orders.tables import put_order


def hand_out_codes(order_id: str, now_ms: int) -> None:
    """Issue the codes of a completed virtual order once; a repeated call changes nothing.

    Raises CodePoolEmpty, OutOfStock.
    """
    act = OrderAct("hand_out", "system", "fulfil_orders", now_ms)

    def write() -> Order:
        order = get_order(order_id)
        if not awaits_codes(order):
            return order
        writes = WriteSet()
        codes = {
            line.sku: catalog.take_codes(writes, line.sku, line.left, order_id, from_ms(act.at_ms))
            for line in order.lines
            if line.left
        }
        sealed = encrypt(msgspec.json.encode(codes), bound_to=order_id)
        after = replace(order, codes=sealed, version=order.version + 1)
        returning.reserve_again(writes, order, after)
        put_order(writes, order, after)
        writes.commit()
        return after

    def find() -> Order | None:
        order = find_order(order_id)
        return order if order and order.codes is not None else None

    replay_outranks_refusal(write, find)
