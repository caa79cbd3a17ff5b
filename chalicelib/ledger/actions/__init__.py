"""Writes of the ledger."""

from chalicelib.ledger.actions.adjustments import (
    approve_adjustment,
    propose_adjustment,
    reject_adjustment,
)
from chalicelib.ledger.actions.holds import (
    Held,
    capture_hold,
    hold,
    place_hold,
    release_hold,
    show_hold,
    time_out_hold,
)
from chalicelib.ledger.actions.movements import (
    accrue,
    adjust,
    claw_back,
    lapse,
    redeem,
    refund,
    reverse,
    unlock,
)
from chalicelib.ledger.actions.owned_holds import (
    capture_for_owner,
    hold_for_owner,
    release_for_owner,
)
from chalicelib.ledger.actions.standing import check_active, set_status
from chalicelib.ledger.actions.totals import close_days
from chalicelib.ledger.actions.transfers import claim, give_back, transfer, transfer_to_escrow

__all__ = [
    "Held",
    "accrue",
    "adjust",
    "approve_adjustment",
    "capture_for_owner",
    "capture_hold",
    "check_active",
    "claim",
    "claw_back",
    "close_days",
    "give_back",
    "hold",
    "hold_for_owner",
    "lapse",
    "place_hold",
    "propose_adjustment",
    "redeem",
    "refund",
    "reject_adjustment",
    "release_for_owner",
    "release_hold",
    "reverse",
    "set_status",
    "show_hold",
    "time_out_hold",
    "transfer",
    "transfer_to_escrow",
    "unlock",
]
