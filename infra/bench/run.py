"""One run: its parts one after the other, printed as they come, written when all are there."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from infra.bench import (
    budgets,
    calls,
    cart_units,
    cold,
    counter_units,
    discount_units,
    expiry,
    goods,
    handler,
    ladders,
    ledger_report,
    ledger_units,
    lottery_units,
    payment_units,
    pricing,
    rate_report,
    replays,
    report,
    return_units,
    risk,
    rule_units,
    scale,
    settlement,
    shop,
    sizes,
    stock_units,
    units,
)
from infra.bench.in_process import InProcess
from infra.bench.mall import Mall, running
from infra.bench.rates import Pair, measure_rates
from infra.bench.report import Figures
from infra.bench.use_cases import UseCase
from infra.local.settings import REPOSITORY

ACCOUNTS = (1_000, 100_000)
T = TypeVar("T")


class Wanted(NamedTuple):
    """What to measure, with so many entries in the larger engine; and whether to write it down."""

    parts: frozenset[str]
    entries: int
    repetitions: int
    writes: bool


class OfTheMall(NamedTuple):
    """The figures of a whole stack."""

    use_cases: list[UseCase]
    ledger: list[UseCase]
    rates: list[Pair]
    handler: list[handler.Part]
    calls: list[calls.Calls]


def run(wanted: Wanted) -> None:
    """Measure and print; units first, they need no quiet machine."""
    began = time.monotonic()
    told = partial(_told, wanted.parts)
    starts = told("cold", cold.measure, cold.of_starts) or []
    mall = OfTheMall([], [], [], [], [])
    if wanted.parts & {"units", "rates"}:
        with tempfile.TemporaryDirectory() as home, running(Path(home)) as stack:
            mall = _of_the_mall(stack, wanted)
    measured = sizes.measure()
    if "units" in wanted.parts:
        print(ledger_report.of_sizes(measured), flush=True)
        print(budgets.of_budgets(budgets.measure()), flush=True)
        print(rule_units.of_evaluation(rule_units.evaluation_ms()), flush=True)
    runs = told("expiry", lambda: expiry.measure(ACCOUNTS), ledger_report.of_runs) or []
    scaled = _scaled(wanted)
    settled = told(
        "settlement", lambda: settlement.measure(wanted.entries), settlement.of_settlement
    )
    finding = told("goods", goods.measure, goods.of_goods)
    shops = told("shop", lambda: shop.measure(shop.MANY, wanted.repetitions), shop.of_shop)
    risks = told("risk", risk.measure, risk.of_risk)
    pace = told("replay", replays.measure, replays.of_replays)
    prices = told("pricing", pricing.measure, pricing.of_pricing)
    if wanted.writes and scaled and settled and finding and shops and risks and pace and prices:
        figures = Figures(
            *mall, measured, scaled, runs, settled, starts, finding, shops, risks, pace, prices
        )
        (REPOSITORY / "docs/benchmarks.md").write_text(report.page(figures))
    print(f"{time.monotonic() - began:.0f} s", flush=True)


_UNITS = (
    units,
    cart_units,
    counter_units,
    discount_units,
    lottery_units,
    payment_units,
    return_units,
    rule_units,
    stock_units,
)


def _of_the_mall(mall: Mall, wanted: Wanted) -> OfTheMall:
    use_cases = ledger = []
    if "units" in wanted.parts:
        here = InProcess()
        ladders.give(here, mall.ops)
        use_cases = [case for each in _UNITS for case in each.measure(here, mall)]
        ledger = ledger_units.measure(here, mall.info["partner"]["id"])
        here.stop_measuring()
        print(report.of_units(use_cases), ledger_report.of_use_cases(ledger), sep="\n\n")
    rates = measure_rates(mall, _tell) if "rates" in wanted.parts else []
    parts = []
    counted = calls.measure(mall, mall.member("calls"), mall.sku(1_000_000))
    print(calls.of_calls(counted), flush=True)
    if rates:
        parts = handler.measure(mall, mall.member("handler"), mall.sku(1_000_000))
        print(rate_report.of_rates(rates), handler.of_handler(parts), sep="\n\n", flush=True)
    return OfTheMall(use_cases, ledger, rates, parts, counted)


def _told(
    parts: frozenset[str], part: str, measure: Callable[[], T], text_of: Callable[[T], str]
) -> T | None:
    """Measure a part and print it, if it is one of those that are wanted."""
    if part not in parts:
        return None
    found = measure()
    print(text_of(found), flush=True)
    return found


def _tell(pair: Pair) -> None:
    print(rate_report.line(pair), flush=True)


def _scaled(wanted: Wanted) -> scale.Scale | None:
    if not wanted.parts & {"scale", "verify"}:
        return None
    found = scale.measure(
        wanted.entries,
        wanted.repetitions,
        ratios="scale" in wanted.parts,
        verify="verify" in wanted.parts,
    )
    print(ledger_report.of_scale(found), ledger_report.of_verified(found), sep="\n\n", flush=True)
    return found
