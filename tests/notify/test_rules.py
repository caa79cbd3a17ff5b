"""The choice of news, their text messages, and their words."""

from __future__ import annotations

import msgspec
import pytest

from chalicelib.kernel.store.facts import Fact, read_fact
from chalicelib.notify.events import HEARD
from chalicelib.notify.rules import CashNews, Notice, goes_by_sms, news_of, notice
from tests.facts import AT, made, message, order_data, refund_data
from tests.notify.telling import entry, order, registered

pytestmark = pytest.mark.pure

INBOX_ONLY = ["approved", "delivered", "cancelled"]
TEXTED = ["awaiting_review", "shipped", "rejected"]


def tell(fact: Fact, language: str = "zh-CN") -> Notice:
    news = news_of(fact.data)
    assert news is not None
    return notice(news, language)


def test_an_accrual_names_points_and_balance_and_sends_no_text() -> None:
    told = tell(entry("mbr_1"))
    assert told == ("积分到账", "您获得 199 积分，当前可用 1,199 积分。", None)
    assert tell(entry("mbr_1", points=1), "en").body == (
        "You received 1 point. You now have 1,199 points."
    )


def test_another_unit_is_called_by_its_name() -> None:
    assert "199 coins" in tell(entry("mbr_1", unit="coins"), "en").body


def test_an_accrual_that_only_paid_a_debt_is_no_news() -> None:
    fact = entry("mbr_1", points=0, balance_after=0)
    assert news_of(fact.data) is None


@pytest.mark.parametrize("entry_type", ["redemption", "reversal", "hold", "capture", "release"])
def test_other_entries_are_no_news(entry_type: str) -> None:
    fact = entry("mbr_1", entry_type)
    assert news_of(fact.data) is None


@pytest.mark.parametrize("fact_type", ["order.in_review", "order.awaiting_payment"])
def test_an_order_state_without_a_text_is_no_news(fact_type: str) -> None:
    fact = made("x", fact_type, AT, order_data())
    assert (news_of(fact.data), type(fact.data) in HEARD) == (None, False)


@pytest.mark.parametrize("fact_type", ["order.teleported", "member.identity_added", "x"])
def test_an_unknown_fact_is_not_read(fact_type: str) -> None:
    assert read_fact(message("x", fact_type, AT, {}), HEARD) is None


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("status", [*INBOX_ONLY, *TEXTED, "completed"])
def test_each_order_notice_names_the_goods_in_both_languages(status: str, language: str) -> None:
    told = tell(order("mbr_1", status), language)
    assert told.title
    assert {"zh-CN": "保温杯", "en": "Thermos cup"}[language] in told.body
    assert "{" not in "".join(filter(None, told))


@pytest.mark.parametrize("kind", ["physical", "virtual", "service"])
def test_a_text_is_sent_for_each_status_that_a_member_waits_for(kind: str) -> None:
    def texted(status: str) -> bool:
        fact = order("mbr_1", status, kind=kind)
        news = news_of(fact.data)
        assert news is not None
        assert goes_by_sms(news) == (notice(news, "en").sms is not None)
        return goes_by_sms(news)

    assert all(map(texted, TEXTED))
    assert [status for status in INBOX_ONLY if texted(status)] == (
        ["approved"] if kind == "service" else []
    )
    assert texted("completed") == (kind == "virtual")


def test_an_arrived_welcome_sends_no_text() -> None:
    assert tell(registered("mbr_1")).sms is None


def test_a_notice_announces_codes_but_never_contains_them() -> None:
    fact = order("mbr_1", "completed", kind="virtual", codes=["SECRET-1"])
    assert tell(fact).sms == "【积分商城】您兑换的「保温杯」已成功，卡券码随后可在订单中查看。"
    assert "SECRET" not in repr(news_of(fact.data))


def test_several_lines_are_shown_as_the_first_and_a_number() -> None:
    fact = order("mbr_1", "approved", lines=3)
    assert "「保温杯」等 3 种商品" in tell(fact).body
    assert "“Thermos cup” and 2 more" in tell(fact, "en").body


def test_a_shipment_names_carrier_and_number() -> None:
    fact = order("mbr_1", "shipped", carrier="SF", tracking_number="SF10")
    assert tell(fact).body == "您兑换的「保温杯」已发货，由 SF 承运，运单号 SF10。"
    assert tell(fact, "en").body == (
        "Your “Thermos cup” has been shipped by SF, tracking number SF10."
    )
    assert tell(order("mbr_1", "shipped")).body == "您兑换的「保温杯」已发货。"


def test_a_rejection_shows_its_reason_in_the_inbox_only() -> None:
    told = tell(order("mbr_1", "rejected", reason="地址{不详}"))
    assert told.body == "您兑换的「保温杯」未通过审核，800 积分已退回。原因：地址{不详}"
    assert told.sms == "【积分商城】您兑换的「保温杯」未通过审核，800 积分已退回。"


def test_an_order_without_points_mentions_none() -> None:
    assert tell(order("mbr_1", "cancelled", points=0)).body == "您兑换的「保温杯」已取消。"
    assert "points" not in tell(order("mbr_1", "awaiting_review", points=0), "en").body


def test_a_title_in_one_language_serves_both() -> None:
    assert "保温杯" in tell(order("mbr_1", "approved", title={"zh-CN": "保温杯"}), "en").body


def test_a_known_fact_without_its_fields_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError):
        made("x", "order.shipped", AT, {"member_id": "mbr_1"})


def test_the_notice_of_an_order_names_returned_points_and_cash_on_its_way() -> None:
    data = refund_data(cash=1980, currency="CNY", reason="破损")
    told = news_of(made("x", "order.refunded", AT, data).data)
    assert told is not None
    words = notice(told, "zh-CN").body
    assert "800 积分已退回，¥19.80 将退回" in words
    assert "破损" in words
    said = " and 800 points returned to you; CNY 19.80 will be returned to you."
    assert said in notice(told, "en").body
    cash_alone = news_of(made("x", "order.refunded", AT, {**data, "points": 0}).data)
    assert cash_alone is not None
    assert "，¥19.80 将退回" in notice(cash_alone, "zh-CN").body
    paid = order("mbr_1", "awaiting_review", cash=1980, currency="CNY")
    spent = tell(paid, "en").body
    assert "for 800 points and CNY 19.80" in spent
    undone = made("x", "order.refunded", AT, {**data, "order_status": "cancelled"})
    assert news_of(undone.data) is None


@pytest.mark.parametrize(
    ("language", "words", "promise"),
    [("zh-CN", "请联系客服", "重新为您退款"), ("en", "contact customer service", "refund you")],
)
def test_a_refund_that_failed_at_the_provider_promises_nothing(
    language: str, words: str, promise: str
) -> None:
    news = CashNews(
        member_id="mbr_1",
        order_id="ord_1",
        event="provider_refund_failed",
        amount=500,
        currency="CNY",
        title={"zh-CN": "保温杯", "en": "Thermos cup"},
    )
    told = notice(news, language)
    assert words in told.body
    assert promise not in told.body
    assert told.sms is not None
    assert told.sms.endswith(told.body)
