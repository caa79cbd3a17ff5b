"""Which facts become news of a member."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

REGISTERED = "member.registered"
ENTRY = "ledger.entry"
EXPIRING = "points.expiring"
ORDER = "order."
ORDER_STATUSES = frozenset(
    {
        "awaiting_review",
        "approved",
        "shipped",
        "delivered",
        "completed",
        "cancelled",
        "rejected",
        "refunded",
    }
)
WITHDRAWAL = "withdrawal."
WITHDRAWAL_STATUSES = frozenset({"approved", "rejected", "paid", "failed", "returned"})
TRANSFER = "transfer:"
WRITTEN_OFF = ":written_off"

CashEvent = Literal[
    "late", "other_amount", "refunded_at_provider", "provider_refund_failed", "disputed", "inquiry",
    "dispute_won", "dispute_lost", "refund_failed", "refund_succeeded", "refund_by_hand",
]  # fmt: skip
CASH = "order.cash"
REFUND = "refund."
REFUND_STATUSES = frozenset({"failed", "succeeded", "by_hand"})
Change = Literal["sent", "returned", "clawed_back", "expired", "added", "taken", "unlocked"]
_CHANGES: dict[str, Change] = {
    "transfer_out": "sent", "clawback": "clawed_back", "expiry": "expired", "unlock": "unlocked",
}  # fmt: skip


class Welcome(msgspec.Struct, frozen=True, tag_field="news", tag="welcome"):
    """A member has registered."""

    member_id: str


class Earned(msgspec.Struct, frozen=True, tag_field="news", tag="earned"):
    """A member has received points."""

    member_id: str
    entry_id: str
    points: int
    balance_after: int
    unit: str


class PointsNews(
    msgspec.Struct, frozen=True, tag_field="news", tag="points", omit_defaults=True, kw_only=True
):
    """An account has changed otherwise, by so many points."""

    member_id: str
    entry_id: str
    change: Change
    points: int
    balance_after: int
    unit: str
    transfer_id: str | None = None


class Received(
    msgspec.Struct, frozen=True, tag_field="news", tag="received", omit_defaults=True, kw_only=True
):
    """A member was given points by another: `giver` is their nickname, if they have one.

    `note` is the giver's message, sealed, in base64; `message` is that opened, for whoever reads
    the notice, and is kept nowhere.
    """

    member_id: str
    entry_id: str
    points: int
    balance_after: int
    unit: str
    reference: str
    source: str = ""
    giver: str | None = None
    note: str | None = None
    message: str | None = None

    @property
    def transfer_id(self) -> str:
        return self.reference.removeprefix(TRANSFER)

    @property
    def giver_id(self) -> str:
        return self.source.removeprefix("member:")


class Expiring(msgspec.Struct, frozen=True, tag_field="news", tag="expiring"):
    """Points lapse at `expires_at` (RFC 3339), `days` days ahead or fewer."""

    member_id: str
    unit: str
    points: int
    expires_at: str
    days: int


class OrderNews(msgspec.Struct, frozen=True, tag_field="news", tag="order", omit_defaults=True):
    """An order has come into a status, or some of it was refunded; `title` is its first line's,
    by language, `cash` minor units of `currency`, `booked_at` (RFC 3339) when a service is had.
    """

    member_id: str
    order_id: str
    status: str
    kind: str
    title: dict[str, str]
    lines: int
    points: int
    cash: int = 0
    currency: str | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    reason: str | None = None
    booked_at: str | None = None


class WithdrawalNews(
    msgspec.Struct, frozen=True, tag_field="news", tag="withdrawal", omit_defaults=True
):
    """A withdrawal of so many minor units has come into a status."""

    member_id: str
    withdrawal_id: str
    status: str
    amount: int
    currency: str
    reason: str | None = None


class CashNews(msgspec.Struct, frozen=True, tag_field="news", tag="cash", omit_defaults=True):
    """Something happened to so many minor units of an order's money: `event` is one of orders' own
    or `refund_` and the state that a refund has come into. `expected_by` is RFC 3339.
    """

    member_id: str
    order_id: str
    event: CashEvent
    amount: int
    currency: str
    title: dict[str, str] = {}
    lines: int = 1
    expected_by: str | None = None


News = Welcome | Earned | PointsNews | Received | Expiring | OrderNews | WithdrawalNews | CashNews


def news_of(fact_type: str, data: dict[str, Any]) -> News | None:
    """What a fact is to its member; None if it is no news, or of a type that we don't know.

    Only the fields named above are kept, so a code that a fact might hold goes no further.

    Raises msgspec.ValidationError if a fact of a known type lacks what is told of it.
    """
    if fact_type == REGISTERED:
        return msgspec.convert(data, Welcome)
    if fact_type == ENTRY:
        return _of_entry(data)
    if fact_type == EXPIRING:
        return msgspec.convert(data, Expiring)
    if fact_type == CASH:
        return msgspec.convert(data, CashNews)
    return _of_status(fact_type, data)


def _of_status(fact_type: str, data: dict[str, Any]) -> News | None:
    """An order, a refund's cash or a withdrawal that has come into a status."""
    status = fact_type.partition(".")[2]
    if data.get("order_status") in ("cancelled", "rejected"):
        return None  # what an undone order gives back is told with its end
    if fact_type.startswith(ORDER) and status in ORDER_STATUSES:
        return msgspec.convert({**data, "status": status}, OrderNews)
    if fact_type.startswith(REFUND) and status in REFUND_STATUSES:
        return msgspec.convert({**data, "event": f"refund_{status}"}, CashNews)
    if fact_type.startswith(WITHDRAWAL) and status in WITHDRAWAL_STATUSES:
        return msgspec.convert({**data, "status": status}, WithdrawalNews)
    return None


class _Entry(msgspec.Struct):
    """What decides which news an entry is."""

    type: str
    points: int
    moved: int
    reference: str


def _of_entry(data: dict[str, Any]) -> News | None:
    if data.get("type") == "accrual":
        earned = msgspec.convert(data, Earned)
        return earned if earned.points > 0 else None
    entry = msgspec.convert(data, _Entry)
    if entry.type == "transfer_in":
        return msgspec.convert({**data, "points": entry.moved}, Received)
    change = _change(entry)
    # Pending points move nothing when they unlock: what they add to is what is told.
    points = entry.points if change == "unlocked" else abs(entry.moved)
    if change is None or points <= 0:
        return None
    told = {**data, "change": change, "points": points}
    if entry.reference.startswith(TRANSFER):
        told["transfer_id"] = entry.reference.split(":")[1]
    return msgspec.convert(told, PointsNews)


def _change(entry: _Entry) -> Change | None:
    if entry.type == "reversal":
        return "returned" if entry.reference.startswith(TRANSFER) else None
    if entry.type == "adjustment":
        if entry.reference.endswith(WRITTEN_OFF):
            return None
        return "added" if entry.moved > 0 else "taken"
    return _CHANGES.get(entry.type)
