"""Withdrawals: rebate cash on its way to members, by the provider or by bank files."""

from chalicelib.withdrawals.actions.deferring import defer_withdrawal
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.queries.withdrawals import due_withdrawals

__all__ = ["defer_withdrawal", "due_withdrawals", "sync_withdrawal"]
