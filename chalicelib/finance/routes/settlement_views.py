"""Settlements, rebuilds and trial balances as finance sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from chalicelib.finance.rules.figures import Figure
from chalicelib.finance.rules.rebuilds import Rebuild
from chalicelib.finance.rules.settlements import Manifest, Settlement
from chalicelib.finance.rules.trial_balances import AccountMonth, TrialBalance
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.shapes import shaped
from chalicelib.ledger import Progress


class SettlementTotals(msgspec.Struct):
    """What a day's orders took and gave back: cash in minor units, and points."""

    cash_paid: int
    cash_back: int
    points_spent: int
    points_back: int


class SettlementLine(msgspec.Struct):
    """A settled day; `manifest_sha256` is the digest of its manifest.json."""

    id: str
    day: date
    currency: str
    settled_at: str
    manifest_sha256: str
    open_count: int
    totals: SettlementTotals


class FileView(msgspec.Struct):
    """A file of a settlement; `url` expires at the answer's `links_until`."""

    name: str
    sha256: str
    bytes: int
    rows: int
    totals: dict[str, int]
    url: str


class SettlementView(SettlementLine, kw_only=True):
    """A settled day with its files and the figures of its summary."""

    links_until: str
    manifest_url: str
    files: list[FileView]
    figures: list[Figure]


class RebuildResult(msgspec.Struct):
    """`same` is false if the bytes of any file differ from the published ones.

    `kept_files` have the layout of an earlier release: they were compared in the bucket and left.
    """

    settlement_id: str
    same: bool
    differing_files: list[str]
    kept_files: list[str]


class RebuildView(msgspec.Struct):
    """A rebuild; it has failed after six hours without progress. Progress is in lines."""

    id: str
    type: Literal["rebuild_settlement"]
    status: Literal["running", "done", "failed"]
    progress: Progress
    result: RebuildResult | None
    created_at: str


class OpenLineView(msgspec.Struct):
    """Money of one source in a clearing account; `reference` names its last movement."""

    account: str
    source: str
    amount: int
    opened_on: date
    age_days: int
    reference: str


class TrialBalanceView(msgspec.Struct):
    """A month's accounts up to its last settled day; amounts are minor units.

    `open_lines` are the oldest of `open_count` lines in clearing accounts then; the file at
    `clearing_url` holds all of them. `is_closed` is true once the whole month is settled.
    """

    month: str
    currency: str
    until: date
    is_closed: bool
    accounts: list[AccountMonth]
    debit: int
    credit: int
    clearing_is_zero: bool
    open_count: int
    open_lines: list[OpenLineView]
    clearing_url: str


def settlement_line(settlement: Settlement) -> SettlementLine:
    manifest = settlement.manifest
    return shaped(
        SettlementLine,
        settlement,
        day=manifest.day,
        currency=manifest.currency,
        manifest_sha256=manifest.sha256,
        totals=_totals(settlement),
    )


def _totals(settlement: Settlement) -> SettlementTotals:
    names = SettlementTotals.__struct_fields__
    return SettlementTotals(**{name: settlement.figure("orders", name) for name in names})


def settlement_view(
    settlement: Settlement, link: Callable[[Manifest, str], str], until: datetime
) -> SettlementView:
    manifest = settlement.manifest
    files = [shaped(FileView, file, url=link(manifest, file.name)) for file in manifest.files]
    return shaped(
        SettlementView,
        settlement_line(settlement),
        links_until=rfc3339(until),
        manifest_url=link(manifest, "manifest.json"),
        files=files,
        figures=list(manifest.figures),
    )


def rebuild_view(rebuild: Rebuild, now_ms: int) -> RebuildView:
    result = None
    if rebuild.differs is not None:
        settlement = f"{rebuild.day}-{rebuild.currency}"
        result = RebuildResult(
            settlement, not rebuild.differs, list(rebuild.differs), list(rebuild.kept)
        )
    return shaped(
        RebuildView,
        rebuild,
        type="rebuild_settlement",
        status=rebuild.status(now_ms),
        progress=Progress(min(rebuild.lines, rebuild.of), rebuild.of),
        result=result,
        created_at=rfc3339_ms(rebuild.asked_at_ms),
    )


def trial_balance_view(balance: TrialBalance, clearing_url: str) -> TrialBalanceView:
    open_lines = [
        shaped(OpenLineView, line, age_days=line.age_days(balance.until))
        for line in balance.open_lines
    ]
    return shaped(
        TrialBalanceView,
        balance,
        accounts=list(balance.accounts),
        open_lines=open_lines,
        clearing_url=clearing_url,
    )


_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_URL = "https://example.s3.amazonaws.com/settlements/2026-11-21/CNY/orders.csv?X-Amz-Signature=…"
LINE_EXAMPLE: dict[str, Any] = {
    "id": "2026-11-21-CNY",
    "day": "2026-11-21",
    "currency": "CNY",
    "settled_at": "2026-11-21T16:31:00Z",
    "manifest_sha256": _SHA,
    "open_count": 0,
    "totals": {"cash_paid": 1980, "cash_back": 0, "points_spent": 800, "points_back": 0},
}
SETTLEMENT_EXAMPLE = LINE_EXAMPLE | {
    "links_until": "2026-11-22T02:15:00Z", "manifest_url": _URL,
    "files": [{"name": "orders.csv", "sha256": _SHA, "bytes": 1042, "rows": 3,
               "totals": {"points": 800, "cash": 1980, "cost": 4100, "points_cost": 2120,
                          "costed_points": 800}, "url": _URL}],
    "figures": [{"section": "payments", "name": "charges", "unit": "CNY", "value": 1980,
                 "lines": 1}],
}  # fmt: skip
TRIAL_BALANCE_EXAMPLE = {
    "month": "2026-11", "currency": "CNY", "until": "2026-11-30", "is_closed": True,
    "accounts": [
        {"account": "assets:provider", "opening": 0, "debit": 1920, "credit": 0, "closing": 1920},
        {"account": "costs:fees", "opening": 0, "debit": 60, "credit": 0, "closing": 60},
        {"account": "income:sales", "opening": 0, "debit": 0, "credit": 1980, "closing": -1980},
    ],
    "debit": 1980, "credit": 1980, "clearing_is_zero": True, "open_count": 0, "open_lines": [],
    "clearing_url": _URL,
}  # fmt: skip
