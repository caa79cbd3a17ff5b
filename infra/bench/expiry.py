"""Requests of the hourly expiry: they grow with due accounts only."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from chalicelib.kernel import clock
from infra.bench.bookkeeper import bookkeeper
from infra.bench.filling import with_accounts

DUE = (0, 10, 100)


class Run(NamedTuple):
    """One run over so many accounts, of which so many were due."""

    accounts: int
    due: int
    requests: int
    milliseconds: float


def measure(sizes: tuple[int, ...]) -> list[Run]:
    """A run for each number of due accounts, among each number of accounts."""
    return [run for accounts in sizes for run in _runs(accounts)]


def _runs(accounts: int) -> list[Run]:
    now = clock.now()
    runs = [now + timedelta(hours=number) for number in range(len(DUE))]
    due = [(count, int(at.timestamp()) - 60) for count, at in zip(DUE, runs, strict=True)]
    idle_s = int((now + timedelta(days=400)).timestamp())
    found = []
    with with_accounts(accounts, due, idle_s) as loaded, bookkeeper(loaded.endpoint) as keeper:
        for at in runs:
            count, requests, spent_ms = keeper.do("expire", at)
            found.append(Run(accounts, count, requests, spent_ms))
    return found
