"""Money in words."""

from __future__ import annotations

from chalicelib.kernel.money import major


def money(amount: int, currency: str, language: str) -> str:
    """`120.00 元`, `120.00 CNY`: from minor units."""
    name = "元" if currency == "CNY" and language != "en" else currency
    return f"{major(amount, currency)} {name}"
