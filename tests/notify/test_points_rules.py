"""News of a member's points: the entries that are news, and their words."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.kernel.store.facts import Fact
from chalicelib.notify.rules import Notice, Received, goes_by_sms, invitation, news_of, notice
from tests.facts import made
from tests.notify.telling import AT, entry

pytestmark = pytest.mark.pure

GIFT = {"reference": "transfer:trf_1", "source": "member:mbr_2"}
REMINDER = {
    "member_id": "mbr_1",
    "unit": "points",
    "points": 120,
    "expires_at": "2026-12-31T16:00:00Z",
    "days": 7,
}


def tell(fact: Fact, language: str = "zh-CN") -> Notice:
    news = news_of(fact.data)
    assert news is not None
    assert not goes_by_sms(news)
    return notice(news, language)


@pytest.mark.parametrize(
    ("entry_type", "data", "chinese", "english"),
    [
        ("transfer_out", {"moved": -100, "points": -100, **GIFT},
         "您已赠送 100 积分，当前可用 1,199 积分。",
         "You gave away 100 points. You now have 1,199 points."),
        ("reversal", {"moved": 100, "points": 60, **GIFT, "reference": "transfer:trf_1:reversed"},
         "赠送未被领取，100 积分已退回，当前可用 1,199 积分。",
         "Your gift was not claimed: 100 points came back to you. You now have 1,199 points."),
        ("transfer_in", {"moved": 100, "points": 30, **GIFT},
         "您收到 100 积分的赠送，当前可用 1,199 积分。",
         "You were given 100 points. You now have 1,199 points."),
        ("clawback", {"moved": -50, "points": -20},
         "退款扣回 50 积分，当前可用 1,199 积分。",
         "50 points were taken back after a refund. You now have 1,199 points."),
        ("clawback", {"moved": -80, "points": -80, "reference": "referral:mbr_2:undone"},
         "首单已退款，邀请奖励 80 积分已收回，当前可用 1,199 积分。",
         "The first order was refunded: 80 points of the referral reward were taken back. "
         "You now have 1,199 points."),
        ("accrual", {"moved": 80, "points": 80, "reference": "referral:mbr_2"},
         "您邀请的好友已完成首单，您获得邀请奖励 80 积分，当前可用 1,199 积分。",
         "A friend whom you invited has completed a first order: you received 80 points. "
         "You now have 1,199 points."),
        ("accrual", {"moved": 80, "points": 80, "reference": "referral:mbr_1"},
         "您受邀加入并已完成首单，获得新人奖励 80 积分，当前可用 1,199 积分。",
         "You joined by an invitation and completed a first order: you received 80 points. "
         "You now have 1,199 points."),
        ("expiry", {"moved": -120, "points": 0},
         "您有 120 积分已到期，当前可用 1,199 积分。",
         "120 points of yours have lapsed. You now have 1,199 points."),
        ("adjustment", {"moved": 5, "points": 5, "reference": "adjustment:adj_1"},
         "客服为您增加 5 积分，当前可用 1,199 积分。",
         "Customer service gave you 5 points. You now have 1,199 points."),
        ("adjustment", {"moved": -5, "points": -5, "reference": "adjustment:adj_1"},
         "客服从您的账户扣除 5 积分，当前可用 1,199 积分。",
         "Customer service took 5 points from your account. You now have 1,199 points."),
        ("unlock", {"moved": 0, "points": 70},
         "您的 70 积分已可使用，当前可用 1,199 积分。",
         "70 points of yours can be used now. You now have 1,199 points."),
    ],
)  # fmt: skip
def test_changes_of_points_have_texts_in_both_languages(
    entry_type: str, data: dict[str, object], chinese: str, english: str
) -> None:
    fact = entry("mbr_1", entry_type, **data)
    assert tell(fact).body == chinese
    assert tell(fact, "en").body == english
    assert tell(fact).title
    assert tell(fact).sms is None


@pytest.mark.parametrize(
    ("entry_type", "data"),
    [
        ("adjustment", {"moved": 5, "points": 0, "reference": "order_refunded:s:1:written_off"}),
        ("unlock", {"moved": 0, "points": 0}),
        ("reversal", {"reference": "order:ord_1:reversed"}),
        ("accrual", {"moved": 100, "points": 0}),
        ("accrual", {"reference": "check_in:2026-11-30"}),
    ],
)
def test_entries_without_a_visible_change_are_no_news(
    entry_type: str, data: dict[str, object]
) -> None:
    fact = entry("mbr_1", entry_type, **data)
    assert news_of(fact.data) is None


@pytest.mark.parametrize(
    ("unit", "chinese", "english"),
    [("growth", "1,234 成长值", "1,234 growth"),
     ("rebate_cash", "¥12.34 返利", "CNY 12.34 of rebate"),
     ("points", "1,234 积分", "1,234 points")],
)  # fmt: skip
def test_each_unit_has_words_of_its_own(unit: str, chinese: str, english: str) -> None:
    fact = entry("mbr_1", "expiry", unit=unit, moved=-1234, balance_after=1234)
    assert tell(fact).body == f"您有 {chinese}已到期，当前可用 {chinese}。"
    assert tell(fact, "en").body == f"{english} of yours have lapsed. You now have {english}."


def test_five_cents_of_rebate_are_not_shown_as_five_yuan() -> None:
    fact = entry("mbr_1", unit="rebate_cash", points=5, balance_after=100)
    assert tell(fact).body == "您获得 ¥0.05 返利，当前可用 ¥1.00 返利。"


@pytest.mark.parametrize(
    ("expires_at", "day"),
    [("2026-12-31T16:00:00Z", "2026-12-31"), ("2026-12-31T16:00:01Z", "2027-01-01"),
     ("2026-12-31T04:00:00Z", "2026-12-31")],
)  # fmt: skip
def test_a_reminder_names_the_last_day_on_which_the_points_can_be_used(
    expires_at: str, day: str
) -> None:
    reminder = {**REMINDER, "expires_at": expires_at}
    fact = made("expiring:mbr_1:points:1798732800:7", "points.expiring", AT, reminder)
    assert tell(fact).body == f"您有 120 积分将于 {day} 到期，请及时使用。"
    assert tell(fact, "en").body == f"120 points of yours lapse at the end of {day}. " + (
        "Use them in time."
    )


def test_a_gift_quotes_the_name_and_the_message_of_its_giver() -> None:
    received = news_of(entry("mbr_1", "transfer_in", moved=100, **GIFT).data)
    assert isinstance(received, Received)
    told = replace(received, giver="李{雷}", message="生日{快乐}")
    assert notice(told, "zh-CN").body == (
        "会员「李{雷}」送您 100 积分，当前可用 1,199 积分。留言：「生日{快乐}」"
    )
    assert notice(told, "en").body == (
        "Member “李{雷}” gave you 100 points. You now have 1,199 points. They say: “生日{快乐}”"
    )


def test_a_stranger_learns_the_points_and_the_days_but_not_the_giver() -> None:
    chinese = invitation(100, 7, "phone", "+8613800138000")
    assert chinese.text == "【积分商城】有人送您 100 积分，7 天内用此手机号注册即可领取。"
    other = invitation(1, 7, "phone", "+4915112345678")
    assert other.text == (
        "[Jifen] Somebody gave you 1 point. Register with this phone within 7 days to have them."
    )
    letter = invitation(100, 7, "email", "a@example.com")
    assert letter.subject == "有人送您 100 积分 / Somebody gave you 100 points"
    assert letter.text.startswith("有人送您 100 积分，7 天内用此邮箱注册即可领取。\n\nSomebody")
