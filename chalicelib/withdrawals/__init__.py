"""Withdrawals: rebate cash on its way to members, by the provider or by bank files."""
