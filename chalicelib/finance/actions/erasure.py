"""What an erased member leaves in invoices: amounts and numbers stay, the person goes.

Settlement files name members by id alone, so they stay as they were signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import msgspec
from msgspec.structs import replace

from chalicelib.finance.queries.invoices import buyer_of, find_invoice_of, get_invoice
from chalicelib.finance.rules.invoices import without_person
from chalicelib.finance.tables.invoices import InvoiceItem
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads


def erase_of(order_ids: Iterable[str]) -> list[str]:
    """Forget who the invoices of a member's orders were made out to. Safe to repeat.

    Returns the ids of what stays, for what the audit says about it.
    """
    found = [made.id for each in order_ids if (made := find_invoice_of(each)) is not None]
    for invoice_id in found:
        with_fresh_reads(partial(_forget, invoice_id))
    return found


def _forget(invoice_id: str) -> None:
    seen = get_invoice(invoice_id)
    buyer = buyer_of(seen)
    left = without_person(buyer)
    if left == buyer:
        return
    sealed = encrypt(msgspec.json.encode(left), bound_to=invoice_id)
    writes = WriteSet()
    after = replace(seen, buyer=sealed, version=seen.version + 1)
    writes.put(InvoiceItem.of(after), condition=InvoiceItem.version == seen.version)
    writes.commit()
