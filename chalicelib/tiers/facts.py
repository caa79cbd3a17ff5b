"""The facts of tiers, and what other contexts tell them."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class ActivityRecorded(FactData, frozen=True):
    """A member paid an order, or was given money back: minor units of cash, and orders.

    It counts once by its `reference`, in the month of `counted_at` (RFC 3339).
    """

    TYPE: ClassVar[str] = "tier.activity"
    IS_INTERNAL: ClassVar[bool] = True

    member_id: str
    reference: str
    counted_at: str
    spend: int = 0
    orders: int = 0


class ForecastUnfinished(FactData, frozen=True):
    """A forecast of a ladder must be continued."""

    TYPE: ClassVar[str] = "tier.forecast"
    IS_INTERNAL: ClassVar[bool] = True

    job_id: str
    round: int


class TierChanged(FactData, frozen=True):
    """A member's tier is `tier` now, and was `before`, for a reason `why`.

    `why` is `activity`, `refund`, `review`, `grant`, `grant_ended` or `ladder` (a new one), `title`
    the name of the new tier by language. It is judged again at `until` (RFC 3339). A later change
    of a member's tier has a higher `version`.
    """

    member_id: str
    tier: str
    before: str
    why: str
    title: dict[str, str]
    version: int
    until: str | None = None


class TierUpgraded(TierChanged, frozen=True):
    """A member has risen to a higher tier."""

    TYPE: ClassVar[str] = "tier.upgraded"


class TierDowngraded(TierChanged, frozen=True):
    """A member has fallen to a lower tier."""

    TYPE: ClassVar[str] = "tier.downgraded"
