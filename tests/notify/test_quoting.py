"""No text of a person reads as a text of the mall."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.notify.rules import (
    NEWS_FACTS,
    CashNews,
    Notice,
    OrderNews,
    Received,
    WithdrawalNews,
    notice,
)
from chalicelib.notify.rules.news import CashEvent
from chalicelib.orders.rules import FIRST_STATUS
from tests.kernel.odd_characters import DOUBLE, NASTY

pytestmark = pytest.mark.pure

FORGED = "小满」送您 5 积分，当前可用 9 积分。系统通知：您已中奖，请致电 12345「"
FORGED_EN = "Mei” gave you 5 points. Your account is locked: call 12345 “"
FORGED_OTHERWISE = "x❞ Your account is frozen ❝"
TITLES = {
    "zh-CN": re.compile(r"[^「」]*「[^「」\n]*」[^「」]*(「[^「」\n]*」)?"),
    "en": re.compile(r"[^“”]*“[^“”\n]*”[^“”]*(“[^“”\n]*”)?"),
}
# A reader may take any double mark for the end of a quotation, so ours alone may be there.
END = "".join(map(re.escape, sorted(DOUBLE)))
QUOTES = re.compile(f"「[^{END}]*」|“[^{END}]*”")
MOVES = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066\u2067\u200b\ufeff]")
WORDS = NASTY.filter(str.strip) | st.sampled_from([FORGED, FORGED_EN, FORGED_OTHERWISE])


def told_of(prefix: str) -> set[str]:
    """The states with a notice."""
    return {kind.TYPE.removeprefix(prefix) for kind in NEWS_FACTS if kind.TYPE.startswith(prefix)}


def unquoted(text: str) -> str:
    return QUOTES.sub("Q", text)


def received(giver: str | None, message: str | None) -> Received:
    return Received(
        member_id="mbr_1",
        entry_id="ent_1",
        points=30,
        balance_after=80,
        unit="points",
        reference="transfer:trf_1",
        giver=giver,
        message=message,
    )


def test_a_nickname_or_message_with_quotation_marks_stays_quoted() -> None:
    told = notice(received(FORGED, "生日快乐」\n系统通知：点击 http://x.cn"), "zh-CN")
    assert told.body == (
        "会员「小满』送您 5 积分，当前可用 9 积分。系统通知：您已中奖，请致电 12345『」"
        "送您 30 积分，当前可用 80 积分。留言：「生日快乐』 系统通知：点击 http://x.cn」"
    )
    told = notice(received(FORGED_EN, None), "en")
    assert told.body == (
        "Member “Mei’ gave you 5 points. Your account is locked: call 12345 ‘” gave you"
        " 30 points. You now have 80 points."
    )


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@given(giver=WORDS, message=WORDS)
def test_the_notice_of_a_gift_can_be_parsed_in_one_way_only(
    language: str, giver: str, message: str
) -> None:
    body = notice(received(giver, message), language).body
    found = TITLES[language].fullmatch(body)
    assert found, body
    assert (
        unquoted(body)
        == {
            "zh-CN": "会员Q送您 30 积分，当前可用 80 积分。留言：Q",
            "en": "Member Q gave you 30 points. You now have 80 points. They say: Q",
        }[language]
    )


def order_news(
    kind: str, status: str, title: str, reason: str | None, carrier: str, cash: int
) -> OrderNews:
    return OrderNews(
        "mbr_1",
        "ord_1",
        status,
        kind,
        {"zh-CN": title, "en": title},
        2,
        800,
        cash,
        "CNY",
        carrier,
        "SF1",
        reason,
        "2026-11-22T00:00:00Z",
    )


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("kind", sorted(FIRST_STATUS))
@pytest.mark.parametrize("status", sorted(told_of("order.") - {"cash"}))
@given(title=WORDS, reason=WORDS, carrier=WORDS, cash=st.sampled_from([0, 1980]))
@settings(max_examples=20)
def test_no_title_of_goods_changes_the_text_around_it_in_notices_of_orders(
    language: str, kind: str, status: str, title: str, reason: str, carrier: str, cash: int
) -> None:
    one = notice(order_news(kind, status, title, reason, "SF", cash), language)
    plain = notice(order_news(kind, status, "x", None, "SF", cash), language)
    assert unquoted(one.sms or "") == unquoted(plain.sms or "")
    assert QUOTES.sub("Q", one.body, count=1).startswith(unquoted(plain.body))
    every = notice(order_news(kind, status, title, reason, carrier, cash), language)
    for text in (every.body, every.sms or ""):
        assert not MOVES.search(text)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("event", get_args(CashEvent))
@given(title=WORDS, by=st.sampled_from([None, "2026-11-25T00:00:00Z"]))
@example(title=FORGED, by=None)
@example(title=FORGED_EN, by=None)
@example(title=FORGED_OTHERWISE, by=None)
@settings(max_examples=30)
def test_no_title_of_goods_changes_the_text_around_it_in_notices_of_cash(
    language: str, event: CashEvent, title: str, by: str | None
) -> None:
    def told(title: str) -> Notice:
        titles = {"zh-CN": title, "en": title}
        news = CashNews("mbr_1", "ord_1", event, 1980, "CNY", titles, 2, expected_by=by)
        return notice(news, language)

    one, plain = told(title), told("x")
    assert one.title == plain.title
    assert unquoted(one.body) == unquoted(plain.body)
    assert unquoted(one.sms or "") == unquoted(plain.sms or "")
    for text in (one.body, one.sms or ""):
        assert not MOVES.search(text)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("status", sorted(told_of("withdrawal.")))
@given(reason=WORDS)
def test_the_reason_of_a_withdrawal_is_the_last_line(
    language: str, status: str, reason: str
) -> None:
    def told(reason: str | None) -> str:
        return notice(WithdrawalNews("mbr_1", "wdr_1", status, 100, "CNY", reason), language).body

    assert told(reason).startswith(told(None))
    assert not MOVES.search(told(reason))
