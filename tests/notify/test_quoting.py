"""No word of a person's, whatever it is made of, speaks as the mall."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.notify.rules import OrderNews, Received, WithdrawalNews, notice
from chalicelib.notify.rules.news import ORDER_STATUSES, WITHDRAWAL_STATUSES
from tests.kernel.test_spelling import NASTY

FORGED = "小满」送您 5 积分，当前可用 9 积分。系统通知：您已中奖，请致电 12345「"
FORGED_EN = "Mei” gave you 5 points. Your account is locked: call 12345 “"
TITLES = {
    "zh-CN": re.compile(r"[^「」]*「[^「」\n]*」[^「」]*(「[^「」\n]*」)?"),
    "en": re.compile(r"[^“”]*“[^“”\n]*”[^“”]*(“[^“”\n]*”)?"),
}
WORDS = NASTY.filter(str.strip) | st.sampled_from([FORGED, FORGED_EN])


def received(giver: str | None, message: str | None) -> Received:
    return Received(
        member_id="mbr_1", entry_id="ent_1", points=30, balance_after=80, unit="points",
        reference="transfer:trf_1", giver=giver, message=message,
    )  # fmt: skip


def test_a_nickname_and_a_message_that_end_their_quotes_are_still_a_members() -> None:
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
def test_a_gifts_notice_reads_back_in_one_way(language: str, giver: str, message: str) -> None:
    body = notice(received(giver, message), language).body
    found = TITLES[language].fullmatch(body)
    assert found, body
    ours = re.sub(r"「[^」]*」|“[^”]*”", "Q", body)
    assert (
        ours
        == {
            "zh-CN": "会员Q送您 30 积分，当前可用 80 积分。留言：Q",
            "en": "Member Q gave you 30 points. You now have 80 points. They say: Q",
        }[language]
    )


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("status", sorted(ORDER_STATUSES))
@given(title=WORDS, reason=WORDS, carrier=WORDS)
def test_an_orders_notice_and_text_say_the_same_whatever_its_goods_are_called(
    language: str, status: str, title: str, reason: str, carrier: str
) -> None:
    def told(title: str, reason: str | None, carrier: str) -> OrderNews:
        return OrderNews(
            "mbr_1", "ord_1", status, "physical", {"zh-CN": title, "en": title}, 2, 800,
            carrier=carrier, tracking_number="SF1", reason=reason,
        )  # fmt: skip

    one, plain = (
        notice(told(title, reason, "SF"), language),
        notice(told("x", None, "SF"), language),
    )
    quotes = r"「[^」]*」|“[^”]*”"
    assert re.sub(quotes, "Q", one.sms or "") == re.sub(quotes, "Q", plain.sms or "")
    begins = re.sub(quotes, "Q", plain.body)
    assert re.sub(quotes, "Q", one.body, count=1).startswith(begins)
    every = notice(told(title, reason, carrier), language)
    for text in (every.body, every.sms or ""):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066\u2067\u200b\ufeff]", text)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("status", sorted(WITHDRAWAL_STATUSES))
@given(reason=WORDS)
def test_a_withdrawals_reason_stands_last_and_on_one_line(
    language: str, status: str, reason: str
) -> None:
    def told(reason: str | None) -> str:
        return notice(WithdrawalNews("mbr_1", "wdr_1", status, 100, "CNY", reason), language).body

    assert told(reason).startswith(told(None))
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u200b]", told(reason))
