"""Writes of campaigns: partners' events, and points at their checkouts."""

from chalicelib.campaigns.actions.events import receive, receive_batch
from chalicelib.campaigns.actions.holds import Asked, capture, place, release, show
from chalicelib.campaigns.actions.payments import apply_unmatched
from chalicelib.campaigns.actions.waiting import settle_refunds, sweep_refunds
from chalicelib.campaigns.rules import (
    APPLIED,
    DUPLICATE,
    UNMATCHED,
    CompletedOrder,
    Outcome,
    PaidOrder,
    PartnerEvent,
    RefundedOrder,
)

__all__ = [
    "APPLIED",
    "DUPLICATE",
    "UNMATCHED",
    "Asked",
    "CompletedOrder",
    "Outcome",
    "PaidOrder",
    "PartnerEvent",
    "RefundedOrder",
    "apply_unmatched",
    "capture",
    "place",
    "receive",
    "receive_batch",
    "release",
    "settle_refunds",
    "show",
    "sweep_refunds",
]
