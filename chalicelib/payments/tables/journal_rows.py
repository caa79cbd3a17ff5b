"""Cash entries as they stand in a raw page, without PynamoDB: a day may have very many."""

from __future__ import annotations

import msgspec

from chalicelib.kernel.store.pages import Integer, Text
from chalicelib.payments.rules.journal import CashEntry, CashPosting

_postings = msgspec.json.Decoder(tuple[CashPosting, ...])


class CashRow(msgspec.Struct, gc=False):
    """One movement of money; `day_order` is its place in the index by day."""

    pk: Text
    day_order: Text
    type: Text
    currency: Text
    postings: Text
    source: Text
    occurred_at: Integer
    recorded_at: Integer
    transaction: Text | None = None

    def value(self) -> CashEntry:
        return CashEntry(
            self.pk.S.removeprefix("CASH#"),
            self.type.S,
            self.currency.S,
            _postings.decode(self.postings.S),
            self.source.S,
            self.occurred_at.N,
            self.recorded_at.N,
            self.transaction.S if self.transaction else None,
        )
