"""News of a member's tier."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.kernel.clock import program_day
from chalicelib.kernel.errors import Words
from chalicelib.notify.rules.news import TierNews

_TITLES = {
    "upgraded": Words("会员等级已提升", "You have reached a higher tier"),
    "downgraded": Words("会员等级有变动", "Your tier has changed"),
}
_TEXTS = {
    "upgraded": Words("恭喜您升级为{tier}。", "You are {tier} now."),
    "refund": Words("因订单退款，您的等级调整为{tier}。", "After a refund, your tier is {tier}."),
    "grant_ended": Words(
        "授予的等级已到期，您现在是{tier}。", "The tier you were given has ended: you are {tier}."
    ),
    "ladder": Words(
        "会员等级体系已更新，您现在是{tier}。", "Our tiers have changed: you are {tier} now."
    ),
    "downgraded": Words(
        "等级有效期已过，您现在是{tier}。", "The time of your tier is over: you are {tier}."
    ),
}
_UNTIL = Words("有效期至 {day}。", " It is kept until {day}.")


def texts_of(news: TierNews, language: str) -> tuple[str, str]:
    """Title and text of the news."""
    why = news.why if news.event == "downgraded" and news.why in _TEXTS else news.event
    tier = news.title.get(language) or news.tier
    text = _TEXTS[why].in_language(language, tier=tier)
    if news.until is not None:
        # Its last day, as pages say it; it may lie in the next year.
        last = program_day(datetime.fromisoformat(news.until) - timedelta(seconds=1))
        text += _UNTIL.in_language(language, day=last.isoformat())
    return _TITLES[news.event].in_language(language), text
