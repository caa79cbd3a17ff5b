"""What a page needs to know of the program before anybody signs in: its names, clock and limits."""

from __future__ import annotations

from typing import Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel.clock import rfc3339
from chalicelib.kernel.config import config
from chalicelib.kernel.money import Money
from chalicelib.kernel.settings import SignIn
from chalicelib.kernel.web.http import FIVE_MINUTES, Reply, route
from chalicelib.kernel.web.requests import Call

program = Blueprint(__name__)

LANGUAGES: tuple[Literal["zh-CN", "en"], ...] = ("zh-CN", "en")


class ProgramTitle(msgspec.Struct):
    """The mall's name in both languages."""

    zh: str = msgspec.field(name="zh-CN")
    en: str


class TransferLimits(msgspec.Struct):
    """Limits of gifts to other members: points and number. A gift to somebody who has not
    registered comes back after `escrow_days`.
    """

    points_at_once: int
    points_a_day: int
    transfers_a_day: int
    escrow_days: int


class WithdrawalLimits(msgspec.Struct):
    """The smallest withdrawal of rebate cash, and the most in a day and a month of the program."""

    at_least: Money
    a_day: Money
    a_month: Money


class PaymentLimits(msgspec.Struct):
    """The least and the most that one payment charges."""

    at_least: Money
    at_most: Money


class ProgramLimits(msgspec.Struct):
    """Limits that forms can show beforehand. The API enforces them in any case."""

    transfers: TransferLimits
    withdrawals: WithdrawalLimits
    payments: PaymentLimits
    unpaid_orders: int


class SignInWay(msgspec.Struct):
    """A provider by which members sign in, where: in WeChat's own browser (`wechat_browser`), in
    any other one (`browser`), in the provider's mini program, in a mobile app.
    """

    provider: Literal["wechat", "qq"]
    places: list[Literal["wechat_browser", "browser", "mini_program", "app"]]


class ProgramView(msgspec.Struct):
    """Facts of the program that seldom change. Days end at midnight of `timezone`; `currency` is
    that of prices and rebates. Phones and e-mails sign in everywhere, `sign_in` besides.
    """

    title: ProgramTitle
    timezone: str
    currency: str
    languages: list[Literal["zh-CN", "en"]]
    limits: ProgramLimits
    sign_in: list[SignInWay]


class ClockView(msgspec.Struct):
    """The program's time: compute what is left until an `expires_at` with it, as the clock of a
    device may be wrong.
    """

    now: str


@route(
    program, "GET", "/v1/program",
    summary="The program: name, time zone, currency, languages, limits",
    answer=ProgramView,
    example={"answer": {
        "title": {"zh-CN": "积分商城", "en": "Points mall"},
        "timezone": "Asia/Shanghai", "currency": "CNY", "languages": ["zh-CN", "en"],
        "limits": {
            "transfers": {"points_at_once": 50000, "points_a_day": 100000,
                          "transfers_a_day": 20, "escrow_days": 7},
            "withdrawals": {"at_least": {"amount": 1000, "currency": "CNY"},
                            "a_day": {"amount": 50000, "currency": "CNY"},
                            "a_month": {"amount": 500000, "currency": "CNY"}},
            "payments": {"at_least": {"amount": 400, "currency": "CNY"},
                         "at_most": {"amount": 99999999, "currency": "CNY"}},
            "unpaid_orders": 5,
        },
        "sign_in": [{"provider": "wechat", "places": ["browser", "mini_program"]}],
    }},
)  # fmt: skip
def show_program(_call: Call) -> Reply:
    settings = config()
    shown = ProgramView(
        title=ProgramTitle(settings.title_zh, settings.title_en),
        timezone=settings.time_zone.key,
        currency=settings.currency,
        languages=list(LANGUAGES),
        limits=_limits(),
        sign_in=_ways(settings.sign_in),
    )
    return Reply(shown, headers=FIVE_MINUTES)


@route(
    program, "GET", "/v1/clock",
    summary="The program's time",
    answer=ClockView,
    example={"answer": {"now": "2026-11-21T08:00:00.000Z"}},
)  # fmt: skip
def show_clock(call: Call) -> Reply:
    return Reply(ClockView(rfc3339(call.now)))


def _ways(settings: SignIn) -> list[SignInWay]:
    has_pages = bool(settings.sign_in_returns)
    at_wechat = {
        "wechat_browser": settings.wechat_official_account_id if has_pages else "",
        "browser": settings.wechat_website_id if has_pages else "",
        "mini_program": settings.wechat_mini_program_id,
        "app": settings.wechat_mobile_app_id,
    }
    pages_at_qq = settings.qq_website_id if has_pages else ""
    at_qq = {
        "wechat_browser": pages_at_qq,
        "browser": pages_at_qq,
        "mini_program": settings.qq_mini_program_id,
        "app": settings.qq_mobile_app_id if has_pages else "",
    }
    ways = {"wechat": at_wechat, "qq": at_qq}
    found = {name: [place for place, app_id in way.items() if app_id] for name, way in ways.items()}
    return [msgspec.convert({"provider": n, "places": p}, SignInWay) for n, p in found.items() if p]


def _limits() -> ProgramLimits:
    settings = config()
    gifts, payouts, charges = settings.ledger, settings.withdrawals, settings.payments
    return ProgramLimits(
        transfers=TransferLimits(
            points_at_once=gifts.transfer_points_at_once,
            points_a_day=gifts.transfer_points_a_day,
            transfers_a_day=gifts.transfers_a_day,
            escrow_days=gifts.transfer_escrow_days,
        ),
        withdrawals=WithdrawalLimits(
            at_least=_money(payouts.withdrawal_at_least),
            a_day=_money(payouts.withdrawal_a_day),
            a_month=_money(payouts.withdrawal_a_month),
        ),
        payments=PaymentLimits(_money(charges.cash_minimum), _money(charges.cash_maximum)),
        unpaid_orders=settings.orders.unpaid_orders_at_most,
    )


def _money(amount: int) -> Money:
    return Money(amount, config().currency)
