"""News of a member's points and other units."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.kernel.clock import program_day
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import spoken
from chalicelib.kernel.spelling import quoted
from chalicelib.ledger import UNIT_NAMES
from chalicelib.notify.rules.news import Change, Earned, Expiring, PointsNews, Received

POINTS, GROWTH, REBATE_CASH = "points", "growth", "rebate_cash"
AboutPoints = Earned | PointsNews | Received | Expiring

_BALANCE = Words("，当前可用 {balance}。", " You now have {balance}.")
_EARNED = (
    Words("积分到账", "Points received"),
    Words("您获得 {points}", "You received {points}."),
)
_OF_REFERRALS = {
    "inviter": (
        Words("邀请奖励到账", "Referral reward"),
        Words(
            "您邀请的好友已完成首单，您获得邀请奖励 {points}",
            "A friend whom you invited has completed a first order: you received {points}.",
        ),
    ),
    "friend": (
        Words("新人奖励到账", "Welcome reward"),
        Words(
            "您受邀加入并已完成首单，获得新人奖励 {points}",
            "You joined by an invitation and completed a first order: you received {points}.",
        ),
    ),
}
_CHANGES: dict[Change, tuple[Words, Words]] = {
    "sent": (
        Words("赠送成功", "Gift sent"),
        Words("您已赠送 {points}", "You gave away {points}."),
    ),
    "returned": (
        Words("赠送已退回", "Gift returned"),
        Words(
            "赠送未被领取，{points}已退回",
            "Your gift was not claimed: {points} came back to you.",
        ),
    ),
    "clawed_back": (
        Words("退款扣回", "Taken back after a refund"),
        Words("退款扣回 {points}", "{points} were taken back after a refund."),
    ),
    "referral_undone": (
        Words("邀请奖励已收回", "Referral reward taken back"),
        Words(
            "首单已退款，邀请奖励 {points}已收回",
            "The first order was refunded: {points} of the referral reward were taken back.",
        ),
    ),
    "expired": (
        Words("已到期", "Lapsed"),
        Words("您有 {points}已到期", "{points} of yours have lapsed."),
    ),
    "added": (
        Words("账户调整", "Adjustment"),
        Words("客服为您增加 {points}", "Customer service gave you {points}."),
    ),
    "taken": (
        Words("账户调整", "Adjustment"),
        Words("客服从您的账户扣除 {points}", "Customer service took {points} from your account."),
    ),
    "unlocked": (
        Words("已可使用", "Ready to use"),
        Words("您的 {points}已可使用", "{points} of yours can be used now."),
    ),
}
_RECEIVED = Words("收到赠送", "A gift for you")
_FROM_SOMEBODY = Words("您收到 {points}的赠送", "You were given {points}.")
# The name stands in quotes (`quoted`) behind "member": nobody may pose as the mall.
_FROM_A_MEMBER = Words("会员{giver}送您 {points}", "Member {giver} gave you {points}.")
_MESSAGE = Words("留言：{message}", " They say: {message}")
_EXPIRING = (
    Words("即将到期", "About to lapse"),
    Words(
        "您有 {points}将于 {day} 到期，请及时使用。",
        "{points} of yours lapse at the end of {day}. Use them in time.",
    ),
)


def texts_of(news: AboutPoints, language: str) -> tuple[str, str]:
    """Title and text of news about points."""
    points = amount(news.points, news.unit, language)
    if isinstance(news, Expiring):
        title, words = _EXPIRING
        text = words.in_language(language, points=points, day=_last_day(news.expires_at))
        return title.in_language(language), text
    if isinstance(news, Received):
        title = _RECEIVED
        words = _FROM_A_MEMBER if news.giver else _FROM_SOMEBODY
        giver = quoted(news.giver or "", language)
        text = words.in_language(language, points=points, giver=giver)
    else:
        title, words = _words_of(news)
        text = words.in_language(language, points=points)
    balance = amount(news.balance_after, news.unit, language)
    text += _BALANCE.in_language(language, balance=balance)
    if isinstance(news, Received) and news.message:
        text += _MESSAGE.in_language(language, message=quoted(news.message, language))
    return title.in_language(language), text


def _words_of(news: Earned | PointsNews) -> tuple[Words, Words]:
    if isinstance(news, PointsNews):
        return _CHANGES[news.change]
    return _OF_REFERRALS[news.referral_of] if news.referral_of else _EARNED


def _last_day(expires_at: str) -> str:
    """The program's last day on which points that lapse at `expires_at` can be used."""
    return program_day(datetime.fromisoformat(expires_at) - timedelta(seconds=1)).isoformat()


def amount(points: int, unit: str, language: str) -> str:
    """`1,199 积分`, `1 point`, `¥0.05 返利`; a unit without words keeps its code."""
    english = language == "en"
    if unit not in UNIT_NAMES:
        return f"{points:,} {unit}"
    name = UNIT_NAMES[unit].in_language(language)
    if unit == REBATE_CASH:
        money = spoken(points, config().currency, language)
        return f"{money} of rebate" if english else f"{money} {name}"
    if english and unit == POINTS and points == 1:
        return "1 point"
    return f"{points:,} {name.lower()}"
