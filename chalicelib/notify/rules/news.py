"""News of a member as the inbox stores them: only the fields that notices show."""

from __future__ import annotations

from typing import Literal

import msgspec

TRANSFER = "transfer:"

CashEvent = Literal[
    "late",
    "other_amount",
    "refunded_at_provider",
    "provider_refund_failed",
    "disputed",
    "inquiry",
    "dispute_won",
    "dispute_lost",
    "refund_failed",
    "refund_succeeded",
    "refund_by_hand",
]
Change = Literal[
    "sent",
    "returned",
    "clawed_back",
    "expired",
    "added",
    "taken",
    "unlocked",
    "referral_undone",
]


class Welcome(msgspec.Struct, frozen=True, tag_field="news", tag="welcome"):
    """A member has registered."""

    member_id: str


class Earned(msgspec.Struct, frozen=True, tag_field="news", tag="earned", omit_defaults=True):
    """A member has received points: of a referral as who invited, or as the invited friend."""

    member_id: str
    entry_id: str
    points: int
    balance_after: int
    unit: str
    referral_of: Literal["inviter", "friend"] | None = None


class PointsNews(
    msgspec.Struct, frozen=True, tag_field="news", tag="points", omit_defaults=True, kw_only=True
):
    """An account has changed by `points` in another way."""

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
    """A member has received points from another; `giver` is the giver's nickname, if any.

    `note` is the giver's message, sealed, in base64. `message` is its clear text for the reader;
    it is never stored.
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


class AccountNews(msgspec.Struct, frozen=True, tag_field="news", tag="account"):
    """A member's accounts have another status, which says what they may do."""

    member_id: str
    status: str


class Expiring(msgspec.Struct, frozen=True, tag_field="news", tag="expiring"):
    """Points lapse at `expires_at` (RFC 3339), `days` days ahead or fewer."""

    member_id: str
    unit: str
    points: int
    expires_at: str
    days: int


class OrderNews(msgspec.Struct, frozen=True, tag_field="news", tag="order", omit_defaults=True):
    """An order has reached a status, or a part of it was refunded.

    `title` is its first line's by language, `cash` is minor units of `currency`, `booked_at` (RFC
    3339) is the time of a service.
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


class ReturnNews(msgspec.Struct, frozen=True, tag_field="news", tag="return", omit_defaults=True):
    """A return of units of an order has reached a status; `due_at` (RFC 3339) ends its time."""

    member_id: str
    return_id: str
    order_id: str
    status: str
    kind: str
    title: dict[str, str]
    lines: int
    by: str
    due_at: str | None = None
    instructions: str | None = None
    reason: str | None = None
    carrier: str | None = None
    tracking_number: str | None = None


class WithdrawalNews(
    msgspec.Struct, frozen=True, tag_field="news", tag="withdrawal", omit_defaults=True
):
    """A withdrawal of `amount` minor units has reached a status."""

    member_id: str
    withdrawal_id: str
    status: str
    amount: int
    currency: str
    reason: str | None = None


class CashNews(msgspec.Struct, frozen=True, tag_field="news", tag="cash", omit_defaults=True):
    """An event of `amount` minor units of an order's money; `expected_by` is RFC 3339.

    `event` is one of the orders', or `refund_` and a refund's state.
    """

    member_id: str
    order_id: str
    event: CashEvent
    amount: int
    currency: str
    title: dict[str, str] = {}
    lines: int = 1
    expected_by: str | None = None


class ReviewNews(msgspec.Struct, frozen=True, tag_field="news", tag="review"):
    """A review of goods is `published` or `replied` to; `title` is that of the goods."""

    member_id: str
    review_id: str
    order_id: str
    product_id: str
    event: Literal["published", "replied"]
    title: dict[str, str]


class TierNews(msgspec.Struct, frozen=True, tag_field="news", tag="tier", omit_defaults=True):
    """A member has another tier, which is kept until a time (RFC 3339); `title` is its name."""

    member_id: str
    tier: str
    event: Literal["upgraded", "downgraded"]
    title: dict[str, str]
    why: str
    until: str | None = None


class CouponNews(msgspec.Struct, frozen=True, tag_field="news", tag="coupon"):
    """A member has a coupon that they did not ask for, or one is about to lapse, at `valid_until`
    (RFC 3339)."""

    member_id: str
    coupon_id: str
    event: Literal["granted", "received", "lapsing"]
    title: dict[str, str]
    valid_until: str


class DeviceNews(msgspec.Struct, frozen=True, tag_field="news", tag="new_device"):
    """A member signed in on a new device, at `at` (RFC 3339), somewhere in `network`."""

    member_id: str
    session_id: str
    device: str
    at: str
    network: str | None = None


News = (
    Welcome
    | Earned
    | PointsNews
    | Received
    | AccountNews
    | Expiring
    | OrderNews
    | ReturnNews
    | WithdrawalNews
    | CashNews
    | ReviewNews
    | TierNews
    | CouponNews
    | DeviceNews
)
