"""Writes of earning: partners' events and partners' holds."""

from chalicelib.earning.actions.dry_runs import dry_run, dry_run_batch, earned_by
from chalicelib.earning.actions.events import receive, receive_batch
from chalicelib.earning.actions.holds import HoldRequest, capture, place, release, show
from chalicelib.earning.actions.paid_orders import apply_unmatched
from chalicelib.earning.actions.waiting import apply_waiting_refunds, sweep_refunds
from chalicelib.earning.rules import CompletedOrder, PaidOrder, PartnerEvent, RefundedOrder
