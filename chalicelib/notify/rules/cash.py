"""News of an order's money: late payments, refunds, disputes."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel.clock import day_spoken
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import spoken
from chalicelib.notify.rules.news import CashNews
from chalicelib.notify.rules.orders import SIGNATURE, goods_of


class CashWords(NamedTuple):
    """The words of an event; `by_sms` sends them as a text message too."""

    title: Words
    text: Words
    by_sms: bool = False


_BY = Words("，最迟 {day}到账", " You have it by {day} at the latest.")
_WORDS = {
    "late": CashWords(
        Words("付款将退回", "Your payment goes back to you"),
        Words(
            "您为{goods}支付的 {money} 到账时订单已结束，将原路退回{by}。",
            "Your payment of {money} for {goods} came after the order had ended and goes back the"
            " way it came.{by}",
        ),
        by_sms=True,
    ),
    "other_amount": CashWords(
        Words("付款将退回", "Your payment goes back to you"),
        Words(
            "您为{goods}支付的 {money} 与订单金额不符，将原路退回{by}。",
            "Your payment of {money} for {goods} is not the amount of the order and goes back the"
            " way it came.{by}",
        ),
        by_sms=True,
    ),
    "refunded_at_provider": CashWords(
        Words("付款已退回", "Your payment was refunded"),
        Words(
            "您为{goods}支付的 {money} 已由支付平台退回{by}。",
            "The payment provider has refunded {money} of your payment for {goods}.{by}",
        ),
    ),
    "provider_refund_failed": CashWords(
        Words("退款未到账", "A refund did not go through"),
        Words(
            "支付平台退回的 {money}（{goods}）未能到账，款项目前在我们这里，如有疑问请联系客服。",
            "The refund of {money} for {goods} by the payment provider did not reach you: we have"
            " the money. Please contact customer service.",
        ),
        by_sms=True,
    ),
    "disputed": CashWords(
        Words("订单暂停处理", "Your order is paused"),
        Words(
            "付款银行就{goods}的付款发起拒付，扣回 {money}，有结果前订单暂停处理。",
            "Your bank has taken back {money} of your payment for {goods}. The order is paused"
            " until the bank decides.",
        ),
    ),
    "inquiry": CashWords(
        Words("订单暂停处理", "Your order is paused"),
        Words(
            "付款银行正在核实您为{goods}支付的 {money}，有结果前订单暂停处理。",
            "Your bank asks about your payment of {money} for {goods}. The order is paused until it"
            " has its answer.",
        ),
    ),
    "dispute_won": CashWords(
        Words("付款已确认", "Your payment is confirmed"),
        Words(
            "付款银行已确认您为{goods}支付的 {money} 有效。",
            "Your bank has confirmed your payment of {money} for {goods}.",
        ),
    ),
    "dispute_lost": CashWords(
        Words("银行已退款", "Your bank has refunded you"),
        Words(
            "付款银行已将您为{goods}支付的 {money} 退还给您。",
            "Your bank has given {money} of your payment for {goods} back to you.",
        ),
    ),
    "refund_failed": CashWords(
        Words("退款未到账", "A refund did not go through"),
        Words(
            "您的退款 {money} 被银行退回，我们会尽快以其他方式退给您，无需操作。",
            "Your refund of {money} was returned by the bank. We pay it to you in another way soon:"
            " there is nothing that you need to do.",
        ),
        by_sms=True,
    ),
    "refund_succeeded": CashWords(
        Words("退款已原路退回", "Your refund was sent"),
        Words(
            "您的退款 {money} 已原路退回{by}。",
            "Your refund of {money} was sent to your bank.{by}",
        ),
    ),
    "refund_by_hand": CashWords(
        Words("退款已汇出", "Your refund was transferred"),
        Words(
            "您的退款 {money} 已通过银行转账汇出。",
            "Your refund of {money} was sent by bank transfer.",
        ),
    ),
}


def goes_by_sms(news: CashNews) -> bool:
    """Whether the payer gets a text message too."""
    return _WORDS[news.event].by_sms


def texts_of(news: CashNews, language: str) -> tuple[str, str, str | None]:
    """Title and text of the news, and its text message if there is one."""
    words = _WORDS[news.event]
    text = words.text.in_language(
        language,
        goods=goods_of(news.title, news.lines, language) if news.title else "",
        money=spoken(news.amount, news.currency, language),
        by=_by(news, language),
    )
    sms = SIGNATURE.in_language(language) + text if words.by_sms else None
    return words.title.in_language(language), text, sms


def _by(news: CashNews, language: str) -> str:
    if news.expected_by is None:
        return ""
    day = day_spoken(datetime.fromisoformat(news.expected_by), language)
    return _BY.in_language(language, day=day)
