"""Facts about an order's money that are no state of the order: what came and no order takes, what
went back, what a bank or the provider did by itself."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

# Each kind of event.
LATE, OTHER_AMOUNT = "late", "other_amount"
REFUNDED_AT_PROVIDER, PROVIDER_REFUND_FAILED = "refunded_at_provider", "provider_refund_failed"
DISPUTED, INQUIRY, DISPUTE_WON, DISPUTE_LOST = "disputed", "inquiry", "dispute_won", "dispute_lost"
# Money came, and no order takes it: it goes back by itself.
NOT_TAKEN = frozenset({LATE, OTHER_AMOUNT})
GOES_BACK = NOT_TAKEN | {REFUNDED_AT_PROVIDER}


_ENDS = frozenset({DISPUTE_WON, DISPUTE_LOST})


class Refund(msgspec.Struct, frozen=True, array_like=True):
    """What went back of an order, at once for all of it or for some of its units.

    `lowers`: its cash had not come, so less of it is due, and none goes back. `beyond`: what of one
    that was made at the provider itself our own refunds had promised before.
    """

    id: str
    points: int
    cash: int
    at_ms: int
    content: bytes
    reason: str | None = None
    lowers: bool = False
    beyond: int = 0

    @property
    def is_external(self) -> bool:
        """Whether somebody made it at the provider itself: its id is the provider's."""
        return not self.id.startswith("rfd_")

    @property
    def is_silent(self) -> bool:
        """Whether it was made at the provider, and has failed or is told of by refunds of ours."""
        return self.is_external and not self.cash


class CashEvent(msgspec.Struct, frozen=True, array_like=True):
    """Something that happened to an order's money beside its states, once for each `about`, the
    provider's id of the charge, refund or dispute. `amount` is minor units."""

    kind: str
    about: str
    amount: int
    currency: str
    at_ms: int


def undecided(events: Iterable[CashEvent]) -> set[str]:
    """The disputes that took money, inquiries apart, and that no bank has decided yet."""
    told = tuple(events)
    opened = {each.about for each in told if each.kind == DISPUTED}
    return opened - {each.about for each in told if each.kind in _ENDS}


def is_lost(events: Iterable[CashEvent]) -> bool:
    """Whether a bank keeps what a dispute took: it has decided so, and not otherwise since."""
    ended = {(each.about, each.kind) for each in events}
    return any(kind == DISPUTE_LOST and (about, DISPUTE_WON) not in ended for about, kind in ended)
