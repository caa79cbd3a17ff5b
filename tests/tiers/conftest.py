"""Fixtures of tiers: a ladder that stands for the time of a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.tiers import queries
from chalicelib.tiers.rules.ladder import Ladder
from chalicelib.tiers.tables import LADDER
from tests.tiers.rules.ladders import ladder


@pytest.fixture
def ladder_in_force(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ladder]:
    """Silver for 100 minor units, gold for 500, diamond for 2,000."""
    made = ladder()
    stands(monkeypatch, made)
    yield made
    queries.REMEMBERED.clear()


def stands(monkeypatch: pytest.MonkeyPatch, made: Ladder) -> None:
    """Let a ladder be the one in force."""
    monkeypatch.setattr(queries, "ladder", lambda: made)
    queries.REMEMBERED.drop(LADDER)
