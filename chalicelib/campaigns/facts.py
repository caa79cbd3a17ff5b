"""The facts of campaigns, and what other contexts tell them."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.campaigns.rules.purchases import Purchase
from chalicelib.kernel.store.facts import FactData


class PurchaseChanged(FactData, frozen=True):
    """What an order is worth has changed; a later change has a higher `purchase.version`."""

    TYPE: ClassVar[str] = "campaign.purchase"
    IS_INTERNAL: ClassVar[bool] = True

    purchase: Purchase
