"""News of the status of a member's accounts."""

from __future__ import annotations

from chalicelib.kernel.errors import Words
from chalicelib.ledger import POINTS, AccountStatusChanged
from chalicelib.members import MembersJoined
from chalicelib.notify.rules.news import AccountNews

WORDS = {
    "active": (
        Words("账户已恢复", "Your account is as before"),
        Words(
            "您的积分账户已恢复正常，积分可以照常使用。感谢您的耐心等待。",
            "Your points can be used as before. Thank you for your patience.",
        ),
    ),
    "credits_pending": (
        Words("新积分待确认", "New points wait"),
        Words(
            "您新获得的积分需要几天确认，确认后即可使用，已有积分不受影响。",
            "Points that you earn now wait for some days before they can be used. "
            "Those that you have are not touched.",
        ),
    ),
    "under_review": (
        Words("账户审核中", "Your account is under review"),
        Words(
            "您的积分账户正在审核，审核期间暂时不能使用积分，积分不会丢失。如有疑问，请联系客服。",
            "Your points cannot be used until a review has ended. None are lost. "
            "Customer service can tell you more.",
        ),
    ),
    "frozen": (
        Words("账户已冻结", "Your account is frozen"),
        Words(
            "您的积分账户已冻结，暂时不能使用积分。如有疑问，请联系客服。",
            "Your points cannot be used. Customer service can tell you why.",
        ),
    ),
    "merged": (
        Words("账号已合并", "Your accounts are one"),
        Words(
            "您的两个账号已合并为一个，积分、订单、地址等都在这个账号里，原来的登录方式都可以继续使用。"
            "如非本人申请，请联系客服。",
            "Your two accounts have become one, with the points, orders and addresses of both. "
            "You can sign in as you did with either. If you did not ask for this, tell customer "
            "service.",
        ),
    ),
}


def of_status(told: AccountStatusChanged) -> AccountNews | None:
    """The news of a status: all accounts of a member change together, that of points tells of it.

    None for a status that a later release made.
    """
    if told.unit != POINTS or told.status not in WORDS:
        return None
    return AccountNews(told.member_id, told.status)


def of_merge(told: MembersJoined) -> AccountNews:
    """The news of who is one member now: of their sign-ins nothing is lost."""
    return AccountNews(told.member_id, "merged")


def texts_of(news: AccountNews, language: str) -> tuple[str, str]:
    """Title and text of the news."""
    title, text = WORDS[news.status]
    return title.in_language(language), text.in_language(language)
