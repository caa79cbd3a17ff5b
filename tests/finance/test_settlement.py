"""Settlements: the files of a day, whose totals are the sums of their lines."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date, timedelta

import pytest

from chalicelib import ledger
from chalicelib.finance.actions import settlements as settling
from chalicelib.finance.errors import SettlementDoesNotTie
from chalicelib.finance.queries import settlements
from chalicelib.finance.rules.sheets import CASH_SHEETS, SHEETS
from chalicelib.ledger.tables import TotalsItem
from chalicelib.payments.rules import journal
from tests.finance.books import Mall, at
from tests.finance.november import SECOND, play

NAMES = {f"{sheet.name}.csv" for sheet in SHEETS} | {"summary.csv", "settlement.xlsx"}


def test_a_full_day_matches_the_figures_computed_by_hand(mall: Mall) -> None:
    play(mall)
    assert mall.settle(at(4, 0, 30)) == 3
    found = mall.figures(2)
    assert {key: found[key] for key in SECOND} == SECOND
    first, third = mall.figures(1), mall.figures(3)
    assert first["ledger:points", "closing"] == 2_000
    assert third["ledger:points", "expired"] == 300
    assert third["ledger:points", "closing"] == 1_482 - 300
    assert third["costs:disputes", "closing"] == 1_980
    assert third["disputes", "disputes"] == 0


def test_every_account_and_unit_opens_as_the_day_before_closed(mall: Mall) -> None:
    play(mall)
    mall.settle(at(5, 0, 30))
    for day in (2, 3, 4):
        before, after = mall.figures(day - 1), mall.figures(day)
        for section in {section for section, figure in after if figure == "opening"}:
            assert after[section, "opening"] == before[section, "closing"]
    closed = mall.figures(4)
    assert sum(closed[account, "closing"] for account in journal.ACCOUNTS) == 0


def test_each_figure_of_the_summary_is_the_sum_of_its_lines(mall: Mall) -> None:
    play(mall)
    mall.settle(at(4, 0, 30))
    figures = mall.figures(2)
    for account in journal.ACCOUNTS:
        legs = [int(row[account]) for s in CASH_SHEETS for row in mall.rows(2, s.name)]
        assert figures[account, "debit"] == sum(leg for leg in legs if leg > 0)
        assert figures[account, "credit"] == -sum(leg for leg in legs if leg < 0)
    flows: Counter[tuple[str, str]] = Counter()
    for row in mall.rows(2, "points"):
        flows[f"ledger:{row['unit']}", row["flow"]] += int(row["change"])
    for (section, flow), change in flows.items():
        assert figures[section, flow] == (-change if flow in {"redeemed", "expired"} else change)
    assert figures["fees", "fees"] == sum(int(row["fee"]) for row in mall.rows(2, "fees"))
    orders = mall.rows(2, "orders")
    assert figures["orders", "cost_of_goods"] == sum(int(row["cost"]) for row in orders)
    cash = figures["orders", "cash_paid"] - figures["orders", "cash_back"]
    assert cash == sum(int(row["cash"]) for row in orders)
    sales = figures["income:sales", "credit"] - figures["income:sales", "debit"]
    assert cash == sales
    spent = figures["orders", "points_spent"] - figures["orders", "points_back"]
    assert spent == figures["ledger:points", "redeemed"]


def test_the_manifest_names_every_file_with_its_digest_lines_and_sums(mall: Mall) -> None:
    play(mall)
    mall.settle(at(3, 0, 30))
    manifest = json.loads(mall.file(2, "manifest.json"))
    assert (manifest["day"], manifest["currency"]) == ("2026-11-02", "CNY")
    assert {file["name"] for file in manifest["files"]} == NAMES
    for file in manifest["files"]:
        body = mall.file(2, file["name"])
        assert (file["bytes"], file["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
        if file["name"].endswith(".csv"):
            rows = mall.rows(2, file["name"].removesuffix(".csv"))
            assert file["rows"] == len(rows)
            sums = {name: sum(int(row[name]) for row in rows) for name in file["totals"]}
            assert sums == file["totals"]
    found = settlements.find_settlement(date(2026, 11, 2), "CNY")
    assert found is not None
    text = mall.file(2, "manifest.json")
    assert found.manifest.sha256 == hashlib.sha256(text).hexdigest()


def test_csv_follows_rfc_4180_and_opens_in_spreadsheets(mall: Mall) -> None:
    play(mall)
    mall.settle(at(3, 0, 30))
    for name in sorted(NAMES - {"settlement.xlsx"}):
        body = mall.file(2, name)
        assert body.startswith(b"\xef\xbb\xbf")
        assert body.endswith(b"\r\n")
        assert body.count(b"\n") == body.count(b"\r\n")


def test_a_cell_that_begins_a_formula_stays_text(mall: Mall) -> None:
    legs = journal.through_provider(100, 0, journal.UNAPPLIED)
    for number, source in enumerate(("=1+1", "+1", "-cmd", "@x", "\tx", 'a,"b"')):
        name, now = f"charge:{number}", at(1, 12, number)
        mall.cash(name, journal.CHARGE, legs, source, now, transaction="-19.90")
    mall.settle(at(2, 0, 30))
    rows = mall.rows(1, "payments")
    assert [row["source"] for row in rows] == ["'=1+1", "'+1", "'-cmd", "'@x", "'\tx", 'a,"b"']
    assert {row["transaction"] for row in rows} == {"-19.90"}


def test_a_fact_recorded_after_midnight_belongs_to_the_next_day(mall: Mall) -> None:
    order_id = mall.order(0, 500)
    mall.charge("ch_1", order_id, 500, 0, at(1, 23, 59, 59))
    late = at(2) - timedelta(hours=12)
    mall.charge("ch_2", order_id, 700, 0, late)
    account = mall.account(10, at(1, 23, 59, 59))
    mall.account(20, late)
    mall.settle(at(3, 0, 30))
    assert [row["reference"] for row in mall.rows(1, "payments")] == ["charge:ch_1"]
    assert [row["reference"] for row in mall.rows(2, "payments")] == ["charge:ch_2"]
    assert mall.figures(1)["ledger:points", "accrued"] == 10
    assert mall.figures(2)["ledger:points", "accrued"] == 20
    assert account


def test_a_movement_learned_after_the_close_belongs_to_the_next_day(
    mall: Mall,
) -> None:
    order_id = mall.order(0, 500)
    mall.account(10, at(1))
    mall.settle(at(2, 0, 30))
    closed = mall.file(1, "manifest.json")
    legs = journal.through_provider(500, 15, journal.SALES)
    mall.cash("charge:late", journal.CHARGE, legs, f"order:{order_id}", at(2, 9))
    mall.settle(at(3, 0, 30))
    assert mall.rows(1, "payments") == []
    assert mall.file(1, "manifest.json") == closed
    assert [row["reference"] for row in mall.rows(2, "payments")] == ["charge:late"]


def test_a_day_is_settled_half_an_hour_after_its_end_once_and_in_order(mall: Mall) -> None:
    play(mall)
    assert mall.settle(at(2, 0, 29)) == 0
    assert mall.objects() == []
    assert mall.settle(at(2, 0, 30)) == 1
    assert mall.settle(at(2, 0, 31)) == 0
    assert settling.settle_days(at(5, 0, 30), lambda: True) == 1
    assert settlements.next_unsettled() == date(2026, 11, 3)
    assert mall.settle(at(5, 0, 30)) == 2


def test_a_run_cut_off_before_its_item_is_repeated(
    mall: Mall, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(mall)
    with monkeypatch.context() as cut_off:
        cut_off.setattr(settling, "was_written", lambda _: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            mall.settle(at(2, 0, 30))
    assert settlements.next_unsettled() == date(2026, 11, 1)
    before = mall.file(1, "manifest.json")
    assert mall.settle(at(2, 0, 30)) == 1
    assert mall.file(1, "manifest.json") == before


def test_each_currency_of_a_day_is_settled_apart_and_points_with_the_programs_own(
    mall: Mall,
) -> None:
    home, dollars = mall.order(0, 500, 200), mall.order(0, 900, 300, "USD")
    mall.charge("ch_1", home, 500, 5, at(1, 9))
    mall.charge("ch_2", dollars, 900, 9, at(1, 10), currency="USD")
    account = mall.account(100, at(1, 11))
    abroad = mall.order(60, 100, 80, "USD")
    mall.redeem(account, abroad, at(1, 12))
    mall.settle(at(3, 0, 30))
    days = {key.rpartition("/")[0] for key in mall.objects()}
    assert days == {
        "settlements/2026-11-01/CNY",
        "settlements/2026-11-01/USD",
        "settlements/2026-11-02/CNY",
    }
    assert [row["reference"] for row in mall.rows(1, "payments", "USD")] == ["charge:ch_2"]
    assert mall.rows(1, "points", "USD") == []
    figures = mall.figures(1, "USD")
    assert figures["orders", "cost_of_goods"] == 300
    assert ("ledger:points", "opening") not in figures
    at_home = mall.figures(1)
    assert at_home["orders", "points_spent"] == 60
    assert at_home["orders", "points_with_known_cost"] == 0
    mall.charge("ch_3", dollars, 100, 1, at(4, 10), currency="USD")
    mall.settle(at(5, 0, 30))
    assert mall.figures(4, "USD")["assets:provider", "opening"] == 891


def test_lines_that_differ_from_the_totals_of_the_ledger_are_not_published(
    mall: Mall, capsys: pytest.CaptureFixture[str]
) -> None:
    play(mall)
    mall.set_clock(at(2, 0, 30))
    ledger.close_days(at(2, 0, 30), lambda: False)
    TotalsItem.get("TOTALS#points", "2026-11-01").update([TotalsItem.accrued.set(1)])
    with pytest.raises(SettlementDoesNotTie, match="accrued"):
        mall.settle(at(2, 0, 30))
    assert mall.objects() == []
    assert settlements.next_unsettled() == date(2026, 11, 1)
    assert '"SettlementDoesNotTie":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_an_unknown_kind_of_movement_is_not_published(mall: Mall) -> None:
    legs = journal.moved(100, journal.BANK, journal.SALES)
    mall.cash("gift:1", "gift", legs, "provider", at(1))
    with pytest.raises(SettlementDoesNotTie, match="gift"):
        mall.settle(at(2, 0, 30))
    assert mall.objects() == []
