"""A member is merged into another one: what lies in both carts lies in one."""

from __future__ import annotations

from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads
from chalicelib.orders.queries.cart import find_cart
from chalicelib.orders.rules import cart as rules
from chalicelib.orders.tables.cart import CartItem


def join_of(member_id: str, into: str) -> None:
    """Take the lines of a member's cart over to another's, of a SKU in both the larger quantity.
    Safe to repeat: a taken cart is empty."""

    def write() -> None:
        gone, kept = find_cart(member_id), find_cart(into)
        if not gone.lines:
            return
        writes = WriteSet()
        for seen, after in (
            (kept, rules.merged(kept, gone.lines)),
            (gone, rules.filled(gone, ())),
        ):
            if after != seen:
                writes.put(CartItem.of(after), condition=unmoved(CartItem.version, seen.version))
        writes.commit()

    with_fresh_reads(write)
