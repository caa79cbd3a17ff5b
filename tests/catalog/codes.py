"""Codes in tests: made in a row, and handed out."""

from __future__ import annotations

from chalicelib.catalog import take_codes
from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads


def made_codes(count: int, prefix: str = "CODE") -> list[str]:
    return [f"{prefix}-{number:04d}" for number in range(count)]


def hand_out(sku: str, order_id: str, quantity: int = 1) -> list[str]:
    def attempt() -> list[str]:
        writes = WriteSet()
        taken = take_codes(writes, sku, quantity, order_id, clock.now())
        writes.commit()
        return taken

    return with_fresh_reads(attempt)
