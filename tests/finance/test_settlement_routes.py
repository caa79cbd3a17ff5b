"""Settlements as finance reads them: lists, links, trial balances."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import urlopen

import pytest

from app import app
from chalicelib.payments.rules import journal
from infra.local import schedules
from tests.api import Answer, Api, new_key, token
from tests.finance.books import Mall, at
from tests.finance.november import play


def get(path: str) -> Answer:
    return Api().get(f"/v1/admin/{path}", as_=token("mbr_finance", "finance"))


def body(path: str) -> Any:
    answer = get(path)
    assert answer.status == 200, answer.body
    return answer.body


def test_settlements_are_listed_newest_first_by_pages(mall: Mall) -> None:
    mall.account(10, at(1))
    mall.charge("ch_1", mall.order(0, 500, currency="USD"), 500, 5, at(2), currency="USD")
    mall.settle(at(4, 0, 30))
    wanted = ["2026-11-03-CNY", "2026-11-02-USD", "2026-11-02-CNY", "2026-11-01-CNY"]
    assert [each["id"] for each in body("settlements")["data"]] == wanted
    first = body("settlements?limit=3")
    assert [each["id"] for each in first["data"]] == wanted[:3]
    rest = body(f"settlements?limit=3&cursor={first['next_cursor']}")
    assert [each["id"] for each in rest["data"]] == wanted[3:]
    assert rest["next_cursor"] is None
    span = body("settlements?from=2026-11-02&to=2026-11-02")
    assert [each["id"] for each in span["data"]] == wanted[1:3]
    assert get(f"settlements?from=2026-11-02&cursor={first['next_cursor']}").status == 400


@pytest.mark.parametrize(
    ("query", "field"),
    [("from=2026-11-02&to=2026-11-01", "to"), ("from=monday", "from"), ("day=1", "day")],
)
def test_invalid_spans_are_refused(mall: Mall, query: str, field: str) -> None:
    answer = get(f"settlements?{query}")
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)
    assert mall.objects() == []


def test_a_settlement_shows_its_figures_and_a_download_link_for_each_file(
    mall: Mall,
) -> None:
    play(mall)
    mall.settle(at(3, 0, 30))
    shown = body("settlements/2026-11-02-CNY")
    assert shown["settled_at"] == "2026-11-02T16:30:00Z"
    figures = {(each["section"], each["name"]): each["value"] for each in shown["figures"]}
    assert figures == mall.figures(2)
    totals = {name: figures["orders", name] for name in shown["totals"]}
    assert shown["totals"] == totals
    assert any(totals.values())
    assert body("settlements")["data"][0]["totals"] == totals
    for file in shown["files"]:
        with urlopen(file["url"]) as answer:
            assert answer.read() == mall.file(2, file["name"])
            named = answer.headers["Content-Disposition"]
        assert named == f'attachment; filename="jifen-2026-11-02-CNY-{file["name"]}"'
        assert "X-Amz-Expires=900" in file["url"]
    with urlopen(shown["manifest_url"]) as answer:
        assert answer.read() == mall.file(2, "manifest.json")


def test_a_month_in_balance_has_clearing_accounts_of_zero(mall: Mall) -> None:
    mall.opens_on(26)
    order_id = mall.order(0, 5_000)
    mall.charge("ch_1", order_id, 5_000, 150, at(26))
    dead = mall.order(0, 700)
    mall.charge("ch_2", dead, 700, 21, at(27), journal.UNAPPLIED)
    mall.refund("re_2", dead, 700, at(28), journal.UNAPPLIED)
    mall.cash(
        "payout:po_1",
        journal.PAYOUT,
        journal.moved(4_000, journal.BANK, journal.PROVIDER),
        "provider",
        at(29),
    )
    mall.settle(at(31, 0, 30))
    balance = body("trial-balances/2026-11")
    accounts = {each["account"]: each for each in balance["accounts"]}
    assert accounts["assets:provider"] == {
        "account": "assets:provider",
        "opening": 0,
        "debit": 4_850 + 679,
        "credit": 700 + 4_000,
        "closing": 829,
    }
    assert accounts["income:sales"]["closing"] == -5_000
    assert balance["debit"] == balance["credit"] == sum(a["debit"] for a in accounts.values())
    assert sum(each["closing"] for each in accounts.values()) == 0
    assert (balance["clearing_is_zero"], balance["open_lines"]) == (True, [])
    assert (balance["is_closed"], balance["until"]) == (True, "2026-11-30")


def test_the_rest_of_clearing_accounts_is_listed_line_by_line_with_its_age(mall: Mall) -> None:
    play(mall)
    delivered = mall.order(0, 3_000)
    mall.cash(
        f"cod:{delivered}",
        journal.COD_COLLECTED,
        journal.moved(3_000, journal.CARRIERS, journal.SALES),
        f"order:{delivered}",
        at(3, 9),
    )
    mall.settle(at(3, 0, 30))
    balance = body("trial-balances/2026-11")
    assert (balance["until"], balance["is_closed"]) == ("2026-11-02", False)
    assert not balance["clearing_is_zero"]
    [line] = [each for each in balance["open_lines"] if each["account"] == journal.DISPUTED]
    assert (line["amount"], line["opened_on"], line["age_days"]) == (1_980, "2026-11-02", 0)
    assert line["reference"] == "dispute:dp_1:txn_dp"
    mall.settle(at(13, 0, 30))
    balance = body("trial-balances/2026-11")
    assert balance["open_count"] == len(balance["open_lines"]) == 1
    [line] = balance["open_lines"]
    assert (line["account"], line["source"]) == (journal.CARRIERS, f"order:{delivered}")
    assert (line["opened_on"], line["age_days"]) == ("2026-11-03", 9)
    with urlopen(balance["clearing_url"]) as answer:
        assert answer.read() == mall.file(12, "clearing.csv")
    left = {each["account"]: each["closing"] for each in balance["accounts"]}
    assert left[journal.CARRIERS] == 3_000
    assert left[journal.DISPUTED] == left[journal.UNAPPLIED] == 0


def test_a_month_without_a_movement_carries_its_opening_balance(mall: Mall) -> None:
    mall.opens_on(28)
    mall.charge("ch_1", mall.order(0, 500, currency="USD"), 500, 5, at(29), currency="USD")
    mall.settle(at(33, 0, 30))
    balance = body("trial-balances/2026-12?currency=USD")
    accounts = {each["account"]: each for each in balance["accounts"]}
    assert accounts["assets:provider"]["opening"] == 495
    assert accounts["assets:provider"]["closing"] == 495
    assert (balance["debit"], balance["is_closed"]) == (0, False)


@pytest.mark.parametrize(
    ("month", "status", "code"),
    [
        ("2026-13", 400, "invalid_request"), ("november", 400, "invalid_request"),
        ("2026-10", 404, "not_found"), ("2026-12", 409, "day_not_over"),
        ("2026-11?currency=USD", 404, "not_found"), ("2026-11?currency=yuan", 400, None),
    ],
)  # fmt: skip
def test_an_invalid_month_is_refused(mall: Mall, month: str, status: int, code: str | None) -> None:
    mall.settle(at(3, 0, 30))
    answer = get(f"trial-balances/{month}")
    assert answer.status == status
    assert code in (None, answer.body["code"])


@pytest.mark.parametrize(
    ("day", "status", "code"),
    [
        ("9999-12-31", 404, "not_found"), ("9999-12-30", 409, "day_not_over"),
        ("0001-01-01", 404, "not_found"), ("2026-10-31", 404, "not_found"),
    ],
)  # fmt: skip
def test_the_first_and_the_last_dates_have_no_settlement(
    mall: Mall, day: str, status: int, code: str
) -> None:
    mall.settle(at(3, 0, 30))
    before = mall.objects()
    path = f"settlements/{day}-CNY"
    again = Api().post(
        f"/v1/admin/{path}/rebuild", as_=token("mbr_finance", "finance"), key=new_key()
    )
    for answer in (get(path), again):
        assert (answer.status, answer.body["code"]) == (status, code)
    assert mall.objects() == before


def test_days_are_settled_at_half_hours_of_the_clock_and_not_of_the_deployment() -> None:
    (expression,) = [
        source.schedule_expression.to_string()
        for source in app.event_sources
        if source.name == "settle_day"
    ]
    deployed = datetime(2026, 11, 21, 3, 17, tzinfo=UTC)
    day = [deployed + timedelta(minutes=each) for each in range(24 * 60)]
    runs = [minute for minute in day if schedules.due(expression, deployed, minute)]
    assert len(runs) == 48
    assert {minute.minute for minute in runs} == {0, 30}
