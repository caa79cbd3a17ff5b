"""Writes of the ledger."""

from chalicelib.ledger.actions.adjustments import approve_adjustment, reject_adjustment
from chalicelib.ledger.actions.freezing import set_status
