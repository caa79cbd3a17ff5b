"""News of a member's review of goods."""

from __future__ import annotations

from chalicelib.kernel.errors import Words
from chalicelib.notify.rules.news import ReviewNews
from chalicelib.notify.rules.orders import goods_of

_WORDS = {
    "published": (
        Words("评价已发布", "Review published"),
        Words(
            "您对{goods}的评价已发布，感谢您的分享。",
            "Your review of {goods} is published. Thank you for sharing it.",
        ),
    ),
    "replied": (
        Words("商家回复了您的评价", "A reply to your review"),
        Words("商家回复了您对{goods}的评价。", "The shop has replied to your review of {goods}."),
    ),
}


def texts_of(news: ReviewNews, language: str) -> tuple[str, str]:
    """Title and text of the news."""
    title, text = _WORDS[news.event]
    goods = goods_of(news.title, 1, language)
    return title.in_language(language), text.in_language(language, goods=goods)
