"""Refunds and cash events of an order: money beside its states."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

# Each kind of event.
LATE, OTHER_AMOUNT = "late", "other_amount"
REFUNDED_AT_PROVIDER, PROVIDER_REFUND_FAILED = "refunded_at_provider", "provider_refund_failed"
DISPUTED, INQUIRY, DISPUTE_WON, DISPUTE_LOST = "disputed", "inquiry", "dispute_won", "dispute_lost"
# The order did not take this money: it goes back without an act.
NOT_TAKEN = frozenset({LATE, OTHER_AMOUNT})
GOES_BACK = NOT_TAKEN | {REFUNDED_AT_PROVIDER}


_ENDS = frozenset({DISPUTE_WON, DISPUTE_LOST})


class Refund(msgspec.Struct, frozen=True, array_like=True):
    """A refund of an order or of some of its units; `cash` in minor units.

    `lowers`: the order was unpaid, so less cash is due and none goes back. `beyond`: the cash of an
    external refund that our own refunds had promised before.
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
        """Whether it was made at the provider: its id is the provider's."""
        return not self.id.startswith("rfd_")

    @property
    def is_silent(self) -> bool:
        """Whether it is external and has failed, or our own refunds tell of all its cash."""
        return self.is_external and not self.cash


class OrderFreight(msgspec.Struct, frozen=True):
    """The freight within an order's points and cash; `returned` once it has gone back."""

    points: int = 0
    cash: int = 0
    returned: bool = False


class CashEvent(msgspec.Struct, frozen=True, array_like=True):
    """An event of an order's money beside its states. `about` is the provider's id of the charge,
    refund or dispute; `amount` is minor units."""

    kind: str
    about: str
    amount: int
    currency: str
    at_ms: int


def undecided(events: Iterable[CashEvent]) -> set[str]:
    """Ids of open disputes, without inquiries."""
    told = tuple(events)
    opened = {each.about for each in told if each.kind == DISPUTED}
    return opened - {each.about for each in told if each.kind in _ENDS}


def is_lost(events: Iterable[CashEvent]) -> bool:
    """Whether the mall lost a dispute and has not won it since."""
    ended = {(each.about, each.kind) for each in events}
    return any(kind == DISPUTE_LOST and (about, DISPUTE_WON) not in ended for about, kind in ended)
