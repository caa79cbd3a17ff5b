"""The relay of returns: one fact for each new state, and its notice in both languages."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.kernel.store.streams import Change
from chalicelib.notify.rules import goes_by_sms, news_of, notice, place_of
from chalicelib.orders.events import facts_of
from chalicelib.orders.rules import OrderAct, Parcel, Step
from chalicelib.orders.rules import returns as rules
from chalicelib.orders.rules.returns import Days, Return, ReturnLine
from chalicelib.orders.tables.returns import ReturnItem

pytestmark = pytest.mark.pure

AT_MS = 1_795_680_000_000
MADE = Return(
    id="ret_1",
    order_id="ord_1",
    member_id="mbr_1",
    kind="return",
    status="requested",
    version=1,
    lines=(ReturnLine("CUP", "prd_1", "保温杯", "Cup", 2),),
    reason="漏水",
    created_at_ms=AT_MS,
    content=b"c",
    steps=(Step("requested", AT_MS, "member"),),
    due_at_ms=AT_MS + 3 * 24 * 3600 * 1000,
)
DAYS = Days(3, 7, 10, 7)


def image(made: Return) -> Any:
    return ReturnItem.of(made).to_dynamodb_dict()


def after(made: Return, name: str, by: str = "staff", note: str | None = None) -> Return:
    return rules.advance(made, OrderAct(name, by, "mbr_x", AT_MS + 1_000, note), DAYS)


APPROVED = replace(after(MADE, "approve"), instructions="南京东路 1 号")
SENT = after(APPROVED, "send", "member")
EXCHANGE = replace(MADE, kind="exchange")
ARRIVED = after(replace(SENT, kind="exchange"), "receive")
SHIPPED = replace(after(ARRIVED, "ship"), replacement=Parcel("SF", "SF1", {"CUP": 2}))
# before, after; the type of the fact; Chinese and English words of its notice, None for no notice.
CASES: dict[str, tuple[Return | None, Return, str | None, str | None]] = {
    "requested": (None, MADE, "申请已提交", "was received"),
    "approved": (MADE, APPROVED, "寄回地址：南京东路 1 号", "Send it to: 南京东路 1 号"),
    "rejected": (MADE, after(MADE, "reject", note="已使用"), "原因：已使用", "Reason: 已使用"),
    "sent": (APPROVED, SENT, None, None),
    "received": (SENT, after(SENT, "receive"), "收到的部分已办理退款", "send the rest"),
    "received for exchange": (replace(SENT, kind="exchange"), ARRIVED, "安排换货", "replacement"),
    "closed": (SENT, after(SENT, "close", "system"), None, None),
    "closed by a replacement": (ARRIVED, SHIPPED, "运单号 SF1", "tracking number SF1"),
    "withdrawn": (APPROVED, after(APPROVED, "withdraw", "member"), None, None),
    "withdrawn late": (APPROVED, after(APPROVED, "withdraw", "system"), "没有在期限内", "in time"),
}
TEXTED = {"approved", "rejected", "closed by a replacement"}


@pytest.mark.parametrize("case", CASES)
def test_a_new_state_is_one_fact_and_a_notice_where_it_is_news(case: str) -> None:
    before, made, chinese, english = CASES[case]
    (fact,) = facts_of(Change("1", before and image(before), image(made)))
    assert fact.type == f"return.{made.status}"
    assert fact.id == f"return.{made.status}:ret_1"
    assert (fact.data.member_id, fact.data.order_id) == ("mbr_1", "ord_1")
    assert (fact.data.status, fact.data.kind, fact.data.lines) == (made.status, made.kind, 1)
    assert fact.data.title == {"zh-CN": "保温杯", "en": "Cup"}
    assert (fact.data.due_at is None) == (made.due_at_ms is None)
    assert place_of(fact.data) == f"1.0.{made.version * 10**4:012d}"
    news = news_of(fact.data)
    assert (news is None) == (chinese is None)
    if news is not None and chinese and english:
        assert chinese in notice(news, "zh-CN").body
        assert english in notice(news, "en").body
        texts = [notice(news, language).sms for language in ("zh-CN", "en")]
        assert all(texts) == goes_by_sms(news) == (case in TEXTED)
        # A text message holds no address: it would be several.
        assert not any("南京东路" in text for text in texts if text)


def test_a_change_without_a_new_state_is_no_fact() -> None:
    again = replace(SENT, parcel=Parcel("YTO", "YT1", {"CUP": 2}), version=9)
    assert facts_of(Change("1", image(SENT), image(again))) == []
    assert facts_of(Change("1", image(SENT), None)) == []


def test_a_fact_is_read_as_it_was_sent() -> None:
    (fact,) = facts_of(Change("1", None, image(MADE)))
    sent = msgspec.json.encode(fact.data)
    assert msgspec.json.decode(sent, type=type(fact.data)) == fact.data
