"""`jifen settle`: its output for a day that is settled, rebuilt, or does not tie."""

from __future__ import annotations

import pytest

from chalicelib import ledger
from chalicelib.finance.queries import settlements
from chalicelib.kernel import config as settings
from chalicelib.ledger.tables import TotalsItem
from infra.cli import operators
from infra.cli.main import main
from tests.finance.books import BUCKET, Mall, at
from tests.finance.november import play


def test_the_command_settles_a_day_with_all_before_it_and_rebuilds_it_to_the_same_bytes(
    mall: Mall, capsys: pytest.CaptureFixture[str]
) -> None:
    play(mall)
    mall.set_clock(at(4, 0, 30))
    assert main(["settle", "--date", "2026-11-02"]) == 0
    first = capsys.readouterr().out
    assert "2026-11-01 settled\n" in first
    assert "2026-11-02 settled\n" in first
    assert "  manifest.json" in first
    assert str(settlements.next_unsettled()) == "2026-11-03"
    before = mall.file(2, "manifest.json")
    mall.s3.delete_object(Bucket=BUCKET, Key="settlements/2026-11-02/CNY/manifest.json")
    assert main(["settle", "--date", "2026-11-02"]) == 0
    assert "2026-11-02-CNY is byte for byte what was published" in capsys.readouterr().out
    assert mall.file(2, "manifest.json") == before


def test_a_rebuild_that_differs_ends_with_1(mall: Mall, capsys: pytest.CaptureFixture[str]) -> None:
    order_id = mall.order(0, 1_000, 400)
    mall.charge("ch_1", order_id, 1_000, 10, at(1))
    mall.settle(at(2, 0, 30))
    mall.orders[order_id] = mall.orders[mall.order(0, 1_000, 300)]
    assert main(["settle", "--date", "2026-11-01"]) == 1
    assert "came out differently: orders.csv" in capsys.readouterr().err


def test_the_command_finds_the_bucket_of_a_stage_by_its_account(
    mall: Mall, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    play(mall)
    mall.set_clock(at(3, 0, 30))
    monkeypatch.setattr(operators, "_identity", lambda: {"Account": "test"})
    monkeypatch.setenv("JIFEN_SETTLEMENTS_BUCKET", "")
    settings.config.cache_clear()
    try:
        assert main(["settle", "--date", "2026-11-02"]) == 0
        assert settings.config().finance.settlements_bucket == BUCKET
    finally:
        monkeypatch.undo()
        settings.config.cache_clear()


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-03", "jifen: This day is not over: It is settled from 2026-11-04 00:"),
     ("2026-12-24", "jifen: This day is not over: It is settled from 2026-12-25 00:"),
     ("2026-10-31", "Not found"), ("9999-12-31", "Not found"), ("0001-01-01", "Not found")],
)  # fmt: skip
def test_days_that_cannot_be_settled_are_refused_and_nothing_is_written(
    mall: Mall, capsys: pytest.CaptureFixture[str], day: str, said: str
) -> None:
    mall.set_clock(at(3, 0, 30))
    assert main(["settle", "--date", day]) == 1
    assert said in capsys.readouterr().err
    assert mall.objects() == []
    assert settlements.next_unsettled() == settlements.FIRST_DAY


def test_the_command_says_that_a_day_before_all_movements_has_no_settlement(
    mall: Mall, capsys: pytest.CaptureFixture[str]
) -> None:
    mall.account(10, at(3))
    mall.set_clock(at(4, 0, 30))
    assert main(["settle", "--date", "2026-11-02"]) == 0
    assert capsys.readouterr().out == "2026-11-02 has no settlement: nothing had moved yet\n"
    assert mall.objects() == []
    assert main(["settle", "--date", "2026-11-03"]) == 0
    assert "2026-11-03 settled\n" in capsys.readouterr().out


def test_a_day_that_does_not_tie_is_reported_in_one_line(
    mall: Mall, capsys: pytest.CaptureFixture[str]
) -> None:
    play(mall)
    mall.set_clock(at(2, 0, 30))
    ledger.close_days(at(2, 0, 30), lambda: False)
    TotalsItem.get("TOTALS#points", "2026-11-01").update([TotalsItem.accrued.set(1)])
    assert main(["settle", "--date", "2026-11-01"]) == 1
    assert "jifen: the settlement does not tie" in capsys.readouterr().err
    assert mall.objects() == []


def test_a_months_trial_balance_is_printed_with_its_open_lines(
    mall: Mall, capsys: pytest.CaptureFixture[str]
) -> None:
    mixed = play(mall)
    mall.settle(at(3, 0, 30))
    capsys.readouterr()
    assert main(["settle", "--month", "2026-11"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2026-11 CNY, up to 2026-11-02\n")
    assert f"clearing:disputed order:{mixed}: 19.80 since 2026-11-02 (0 days" in out
    mall.settle(at(4, 0, 30))
    capsys.readouterr()
    main(["settle", "--month", "2026-11"])
    assert "clearing accounts are zero, line by line" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [[], ["--date", "yesterday"], ["--date", "2026-11-01", "--month", "2026-11"]],
)
def test_invalid_arguments_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["settle", *arguments])
    assert ended.value.code == 2
