"""Writes of the ledger."""

from chalicelib.ledger.actions.adjustments import approve_adjustment, reject_adjustment
from chalicelib.ledger.actions.standing import set_status
