"""What the environment decides, read once: the only reader of the environment in the project."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo


class MissingSetting(RuntimeError):
    """A setting that this function needs is not in its environment."""


class UnknownSetting(RuntimeError):
    """A setting has a value that is none of those allowed."""


@dataclass(frozen=True)
class Config:
    """Settings of one stage. Limits are counts in the window that their name ends with."""

    stage: str
    time_zone: ZoneInfo
    currency: str
    facts_topic: str
    parked_bucket: str
    pictures_bucket: str
    settlements_bucket: str
    settlements_queue: str
    settlement_sheet_rows: int
    books_language: str
    email_sender: str
    otp_per_destination_10_minutes: int
    otp_per_destination_day: int
    otp_per_ip_hour: int
    reminder_days: tuple[int, ...]
    transfer_points_at_once: int
    transfer_points_a_day: int
    transfers_a_day: int
    transfer_escrow_days: int
    adjustment_alone_at_most: int
    rebate_alone_at_most: int
    purchase_points_pending_days: int
    withdrawal_at_least: int
    withdrawal_a_day: int
    withdrawal_a_month: int
    cash_minimum: int
    cash_maximum: int
    unpaid_orders_at_most: int
    unasked_payment_waits_hours: int
    stripe_api_base: str
    stored_layout: int

    def table(self, context: str) -> str:
        return f"jifen-{self.stage}-{context}"

    queue = table
    secret = table

    def required(self, name: str) -> str:
        """The value of a setting that may be empty elsewhere but not here.

        Raises MissingSetting.
        """
        value: str = getattr(self, name)
        if not value:
            raise MissingSetting(f"JIFEN_{name.upper()} is not set")
        return value


@cache
def config() -> Config:
    """The settings of this process.

    Raises MissingSetting, UnknownSetting naming the variable.
    """
    if not os.environ.get("JIFEN_STAGE"):
        raise MissingSetting("JIFEN_STAGE is not set")
    return _read(os.environ)


def _read(env: Mapping[str, str]) -> Config:
    return Config(
        stage=env["JIFEN_STAGE"],
        time_zone=ZoneInfo(env.get("JIFEN_TIME_ZONE", "Asia/Shanghai")),
        currency=env.get("JIFEN_CURRENCY", "CNY"),
        facts_topic=env.get("JIFEN_FACTS_TOPIC", ""),
        parked_bucket=env.get("JIFEN_PARKED_BUCKET", ""),
        pictures_bucket=env.get("JIFEN_PICTURES_BUCKET", ""),
        settlements_bucket=env.get("JIFEN_SETTLEMENTS_BUCKET", ""),
        settlements_queue=env.get("JIFEN_SETTLEMENTS_QUEUE", ""),
        settlement_sheet_rows=int(env.get("JIFEN_SETTLEMENT_SHEET_ROWS", "20000")),
        books_language=_language("JIFEN_BOOKS_LANGUAGE", env.get("JIFEN_BOOKS_LANGUAGE", "zh-CN")),
        email_sender=env.get("JIFEN_EMAIL_SENDER", ""),
        otp_per_destination_10_minutes=int(env.get("JIFEN_OTP_PER_DESTINATION_10_MINUTES", "5")),
        otp_per_destination_day=int(env.get("JIFEN_OTP_PER_DESTINATION_DAY", "20")),
        otp_per_ip_hour=int(env.get("JIFEN_OTP_PER_IP_HOUR", "100")),
        reminder_days=_integers(env.get("JIFEN_REMINDER_DAYS", "30,7,1")),
        transfer_points_at_once=int(env.get("JIFEN_TRANSFER_POINTS_AT_ONCE", "50000")),
        transfer_points_a_day=int(env.get("JIFEN_TRANSFER_POINTS_A_DAY", "100000")),
        transfers_a_day=int(env.get("JIFEN_TRANSFERS_A_DAY", "20")),
        transfer_escrow_days=int(env.get("JIFEN_TRANSFER_ESCROW_DAYS", "7")),
        adjustment_alone_at_most=int(env.get("JIFEN_ADJUSTMENT_ALONE_AT_MOST", "10000")),
        rebate_alone_at_most=int(env.get("JIFEN_REBATE_ALONE_AT_MOST", "0")),
        cash_minimum=int(env.get("JIFEN_CASH_MINIMUM", "400")),
        # Source: Stripe takes amounts of up to eight digits.
        cash_maximum=int(env.get("JIFEN_CASH_MAXIMUM", "99999999")),
        unpaid_orders_at_most=int(env.get("JIFEN_UNPAID_ORDERS_AT_MOST", "5")),
        unasked_payment_waits_hours=int(env.get("JIFEN_UNASKED_PAYMENT_WAITS_HOURS", "6")),
        purchase_points_pending_days=int(env.get("JIFEN_PURCHASE_POINTS_PENDING_DAYS", "0")),
        withdrawal_at_least=int(env.get("JIFEN_WITHDRAWAL_AT_LEAST", "1000")),
        withdrawal_a_day=int(env.get("JIFEN_WITHDRAWAL_A_DAY", "50000")),
        withdrawal_a_month=int(env.get("JIFEN_WITHDRAWAL_A_MONTH", "500000")),
        stripe_api_base=env.get("JIFEN_STRIPE_API_BASE", "https://api.stripe.com"),
        stored_layout=int(env.get("JIFEN_STORED_LAYOUT", "2")),
    )


def _language(name: str, value: str) -> str:
    """`zh-CN` or `en`.

    Raises UnknownSetting naming the variable.
    """
    if value not in ("zh-CN", "en"):
        raise UnknownSetting(f"{name} is neither zh-CN nor en")
    return value


def _integers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",") if part.strip())
