"""News of a withdrawal of rebate cash by status."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import spoken
from chalicelib.kernel.spelling import plainly
from chalicelib.notify.rules.news import WithdrawalNews


class WithdrawalWords(NamedTuple):
    title: Words
    text: Words


_WORDS = {
    "approved": WithdrawalWords(
        Words("提现已通过审核", "Withdrawal approved"),
        Words(
            "您提现 {money} 的申请已通过审核，正在为您打款。",
            "Your withdrawal of {money} is approved and on its way to you.",
        ),
    ),
    "rejected": WithdrawalWords(
        Words("提现未通过", "Withdrawal declined"),
        Words(
            "您提现 {money} 的申请未通过审核，款项已退回返利余额。",
            "Your withdrawal of {money} was declined: the money is back in your rebate balance.",
        ),
    ),
    "paid": WithdrawalWords(
        Words("提现已打款", "Withdrawal paid"),
        Words(
            "您提现的 {money} 已打款到您的收款账户。",
            "Your withdrawal of {money} was paid to your account.",
        ),
    ),
    "failed": WithdrawalWords(
        Words("提现失败", "Withdrawal failed"),
        Words(
            "您提现的 {money} 未能打款，款项已退回返利余额，请核对收款账户。",
            "Your withdrawal of {money} could not be paid: the money is back in your rebate"
            " balance. Please check your payout account.",
        ),
    ),
    "returned": WithdrawalWords(
        Words("提现部分退回", "Part of a withdrawal came back"),
        Words(
            "您提现的款项有 {money} 被收款方退回，已退回返利余额，请核对收款账户。",
            "{money} of your withdrawal came back to us: it is in your rebate balance again. Please"
            " check your payout account.",
        ),
    ),
}
_REASON = Words("原因：{reason}", " Reason: {reason}")


def texts_of(news: WithdrawalNews, language: str) -> tuple[str, str]:
    """Title and text of the news."""
    words = _WORDS[news.status]
    text = words.text.in_language(language, money=spoken(news.amount, news.currency, language))
    if news.reason:
        text += _REASON.in_language(language, reason=plainly(news.reason))
    return words.title.in_language(language), text
