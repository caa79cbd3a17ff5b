"""Further earning rules for tests."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chalicelib.earning import queries
from chalicelib.earning.rules import PURCHASES, EarningRule
from chalicelib.kernel.errors import Words
from chalicelib.ledger import END_OF_MONTH, ExpiryPolicy

_WORDS = Words("规则", "A rule")
_YEAR = ExpiryPolicy(END_OF_MONTH, 12)

BONUS = EarningRule("bonus", 3, 1_000, _YEAR, _WORDS, _WORDS, pending_days=7)
GROWTH = EarningRule(
    "growth", 1, 500, ExpiryPolicy("end_of_year", 1), _WORDS, _WORDS, unit="growth"
)
UNREACHED = EarningRule("unreached", 1, 10**9, _YEAR, _WORDS, _WORDS)
SEVERAL = [PURCHASES, BONUS, GROWTH, UNREACHED]


def put_in_force(monkeypatch: pytest.MonkeyPatch, rules: Sequence[EarningRule]) -> None:
    monkeypatch.setattr(queries, "rules_in_force", lambda: list(rules))
