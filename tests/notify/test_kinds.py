"""Each kind of goods has its own texts: a car wash is no parcel."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel.store.streams import Change
from chalicelib.notify.rules import goes_by_sms, news_of, notice
from chalicelib.orders.events import facts_of
from chalicelib.orders.rules import FIRST_STATUS, NEXT, Booking, Order, OrderLine, Parcel, Step
from chalicelib.orders.rules.words import status_words
from chalicelib.orders.tables import OrderItem
from tests.facts import AT, made, order_data

pytestmark = pytest.mark.pure

LANGUAGES = ("zh-CN", "en")
KINDS = ("physical", "virtual", "service")
# Words of parcels only, and words of codes and bookings only.
OF_A_PARCEL = ("发货", "送达", "收货", "运单", "安排", "ship", "deliver", "parcel", "prepared")
OF_CODES = ("卡券", "code")
OF_A_BOOKING = ("预约", "到店", "book")
EIGHT_IN_THE_MORNING_MS = 1_795_305_600_000


def states(kind: str) -> list[str]:
    """The possible states of an order of a kind."""
    found, waiting = {"awaiting_payment"}, ["awaiting_payment", FIRST_STATUS[kind]]
    while waiting:
        status = waiting.pop()
        found.add(status)
        waiting += [
            after
            for (_, of, before), after in NEXT.items()
            if before == status and of in (None, kind) and after not in found
        ]
    return sorted(found)


def an_order(kind: str, status: str) -> Order:
    booking = Booking(EIGHT_IN_THE_MORNING_MS) if kind == "service" else None
    return Order(
        id="ord_1",
        member_id="mbr_1",
        kind=kind,
        status=status,
        version=1,
        lines=(OrderLine("WASH", "prd_1", "洗车", "Car wash", 1, 800),),
        points=800,
        created_at_ms=1_000,
        content=b"c",
        steps=(Step(status, 1_000, "member"),),
        booking=booking,
        parcels=(Parcel("SF", "SF1", {"WASH": 1}),),
    )


def told(kind: str, status: str, language: str) -> Any:
    """The notice of such an order, or None."""
    image = OrderItem.of(an_order(kind, status)).to_dynamodb_dict()
    fact, *_ = facts_of(Change("1", None, image))
    news = news_of(fact.data)
    return None if news is None else notice(news, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_goods_has_the_words_of_another(kind: str, language: str) -> None:
    external = {
        "physical": OF_CODES + OF_A_BOOKING,
        "virtual": OF_A_PARCEL + OF_A_BOOKING,
        "service": OF_A_PARCEL + OF_CODES,
    }[kind]
    told_of = 0
    for status in states(kind):
        said = told(kind, status, language)
        shown = status_words(kind, status).in_language(language)
        for text in (shown, *(said or ())):
            assert not [word for word in external if word in (text or "").lower()], (status, text)
        told_of += said is not None
    assert told_of >= 2


@pytest.mark.parametrize(
    ("kind", "status", "zh", "en"),
    [
        ("physical", "approved", "待发货", "To be shipped"),
        ("service", "approved", "待使用", "To be used"),
        ("physical", "completed", "兑换成功", "Completed"),
        ("virtual", "completed", "兑换成功", "Completed"),
        ("service", "completed", "兑换成功", "Completed"),
        ("service", "awaiting_payment", "待付款", "Awaiting payment"),
        ("service", "cancelled", "已取消", "Cancelled"),
    ],
)
def test_each_kind_has_its_own_names_of_states(kind: str, status: str, zh: str, en: str) -> None:
    words = status_words(kind, status)
    assert (words.in_language("zh-CN"), words.in_language("en")) == (zh, en)


@pytest.mark.parametrize(
    ("kind", "status", "zh", "en"),
    [
        ("service", "approved",
         ("预约成功", "您已成功预约「洗车」，时间 2026-11-22 08:00，请按时到店使用。"),
         ("Booked", "Your “Car wash” is booked for 2026-11-22 08:00. Please come in time.")),
        ("service", "completed", ("已使用", "您预约的「洗车」已使用，期待再次光临。"),
         ("Used", "You have used “Car wash”. See you again.")),
        ("service", "cancelled", ("预约已取消", "您预约的「洗车」已取消，800 积分已退回。"),
         ("Booking cancelled",
          "Your booking of “Car wash” was cancelled and 800 points returned to you.")),
        ("virtual", "completed", ("兑换成功", "您兑换的「洗车」已成功，卡券码随后可在订单中查看。"),
         ("Redemption completed",
          "Your redemption of “Car wash” is complete. Its codes follow in your order.")),
        ("virtual", "cancelled", ("兑换已取消", "您兑换的「洗车」已取消，800 积分已退回。"),
         ("Redemption cancelled",
          "Your redemption of “Car wash” was cancelled and 800 points returned to you.")),
    ],
)  # fmt: skip
def test_each_kind_has_its_own_notices(
    kind: str, status: str, zh: tuple[str, str], en: tuple[str, str]
) -> None:
    assert told(kind, status, "zh-CN")[:2] == zh
    assert told(kind, status, "en")[:2] == en


@pytest.mark.parametrize("kind", KINDS)
def test_every_redemption_sends_one_text(kind: str) -> None:
    first = FIRST_STATUS[kind]
    said = told(kind, first, "zh-CN")
    assert said.sms is not None
    assert said.sms == "【积分商城】" + said.body


def test_a_booking_of_an_earlier_release_shows_no_time() -> None:
    data = order_data(kind="service", title={"zh-CN": "洗车", "en": "Car wash"})
    news = news_of(made("x", "order.approved", AT, data).data)
    assert news is not None
    assert goes_by_sms(news)
    assert notice(news, "zh-CN").body == "您已成功预约「洗车」，请按时到店使用。"
