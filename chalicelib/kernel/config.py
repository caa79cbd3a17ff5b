"""The settings of a stage, read once: no other module reads the environment.

The settings of a context stand together, each with its default and what it does. Each is read
from `JIFEN_` and its name in capitals. docs/settings.md is made from this file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from chalicelib.kernel.settings import (
    Campaigns,
    Ledger,
    Members,
    MissingSetting,
    Privacy,
    Returns,
    Settings,
    SignIn,
    variable_of,
)
from chalicelib.kernel.settings import about as _about
from chalicelib.kernel.settings import count as _count


class UnknownSetting(RuntimeError):
    """A setting has a value that is none of those allowed."""


class Catalog(Settings, frozen=True):
    pictures_bucket: Annotated[str, _about("the bucket of goods' pictures")] = ""
    search_bucket: Annotated[str, _about("the bucket of the index of goods")] = ""
    search_refreshed_seconds: Annotated[
        int, _count("how old the index of goods may be that a function has read")
    ] = 15
    uploads_bucket: Annotated[str, _about("the bucket of pictures to be checked")] = ""
    movements_kept_days: Annotated[
        int, _count("days that movements of stock are kept; with 0 they stay for ever")
    ] = 400
    member_uploads_a_day: Annotated[int, _count("how many pictures a member may send in a day")] = (
        50
    )


class Earning(Settings, frozen=True):
    purchase_points_pending_days: Annotated[
        int, _count("days that points of purchases wait before they can be spent")
    ] = 0
    event_age_days: Annotated[
        int,
        _count("how many days an event of a partner may lie back; with 0 it may be of any age"),
    ] = 400


class Finance(Settings, frozen=True):
    settlements_bucket: Annotated[str, _about("the bucket of settlement files")] = ""
    settlements_queue: Annotated[str, _about("the queue of settlements to rebuild")] = ""
    settlement_sheet_rows: Annotated[
        int,
        _count(
            "lines of a sheet in a settlement's workbook; the CSV has all lines. "
            "A rebuild uses the day's first number"
        ),
    ] = 20_000
    books_language: Annotated[
        Literal["zh-CN", "en"],
        _about(
            "the language of workbooks: `zh-CN` or `en`. A rebuild uses the day's first language"
        ),
    ] = "zh-CN"


class Orders(Settings, frozen=True):
    fulfilment_queue: Annotated[str, _about("the queue of codes to hand out, files to ship")] = ""
    unpaid_orders_at_most: Annotated[
        int,
        _count(
            "orders of one member that may await their payment at a time, "
            "as they reserve stock for half an hour"
        ),
    ] = 5
    unasked_payment_waits_hours: Annotated[
        int,
        _count(
            "hours that an order waits beyond its time if a webhook reports its "
            "payment and the provider does not answer"
        ),
    ] = 6
    reschedule_hours_before: Annotated[
        int, _count("hours before the time of a booking until which its member may move it")
    ] = 2
    no_show_after_hours: Annotated[
        int, _count("hours after the end of a booking from which nobody came")
    ] = 12
    no_show: Annotated[
        Literal["rebook", "forfeit", "refund"],
        _about(
            "what follows if nobody came: another time may be booked (`rebook`), the service is "
            "forfeited (`forfeit`), or points and cash go back (`refund`)"
        ),
    ] = "rebook"
    voucher_days: Annotated[
        int, _count("days that a voucher is good for whose product has no validity")
    ] = 90
    voucher_lapse: Annotated[
        Literal["refund", "forfeit"],
        _about(
            "what follows if a voucher expires: points and cash go back (`refund`), or they are "
            "forfeited (`forfeit`)"
        ),
    ] = "refund"


class Payments(Settings, frozen=True):
    cash_minimum: Annotated[int, _count("the least that is charged at once, in minor units")] = 400
    # Source: Stripe takes amounts of up to eight digits.
    cash_maximum: Annotated[int, _count("the most that is charged at once, in minor units")] = (
        99_999_999
    )
    stripe_api_base: Annotated[str, _about("the address of Stripe's API")] = (
        "https://api.stripe.com"
    )
    # A secret key (sk_…) here would be published: it is refused.
    stripe_publishable_key: Annotated[
        str,
        Meta(
            pattern=r"^(pk_[A-Za-z0-9_]{8,250})?$(?!\n)",
            description="the publishable key (`pk_…`) with which pages show Stripe's elements",
        ),
    ] = ""
    payment_page: Annotated[
        str,
        Meta(
            pattern=r"^((https://[^\s/\\{}]+)?/(?![/\\])[^\s\\{}]*\{order\}[^\s\\{}]*)?$(?!\n)",
            description=(
                "the page that pages lead a payer to instead: a path of this host or an https "
                "address, with `{order}` where the order's id stands"
            ),
        ),
    ] = ""


class Withdrawals(Settings, frozen=True):
    withdrawals_queue: Annotated[
        str, _about("the queue of withdrawals: messages of earlier releases go on to it")
    ] = ""
    withdrawal_at_least: Annotated[
        int, _count("the smallest withdrawal of rebate cash, in minor units")
    ] = 1_000
    withdrawal_a_day: Annotated[
        int,
        _count(
            "the most that a member may withdraw in a program day, in minor units; "
            "rejected and failed withdrawals do not count"
        ),
    ] = 50_000
    withdrawal_a_month: Annotated[int, _count("the same for a month of the program")] = 500_000


class Config(Settings, frozen=True):
    """Settings of one stage: the program's own, then those of each context."""

    stage: Annotated[str, _about("the stage: part of the names of all resources")]
    time_zone: Annotated[
        ZoneInfo,
        _about("the zone whose midnights end days: never change it once there are entries"),
    ] = ZoneInfo("Asia/Shanghai")
    currency: Annotated[
        str,
        _about("the currency of prices and rebates: never change it once there are entries"),
    ] = "CNY"
    title_zh: Annotated[str, _about("the mall's name on pages in Chinese")] = "积分商城"
    title_en: Annotated[str, _about("the same in English")] = "Points mall"
    facts_topic: Annotated[str, _about("the topic that facts are published to")] = ""
    parked_bucket: Annotated[str, _about("the bucket of parked stream records")] = ""
    email_sender: Annotated[str, _about("the address that letters come from")] = ""
    ops_email: Annotated[
        str,
        _about(
            "the address of ops that letters about marks of stock go to; without it there are the "
            "alarm and the console"
        ),
    ] = ""
    edge_key: Annotated[
        str,
        _about("what CloudFront sends as `Jifen-Edge`: its word for a caller's address is taken"),
    ] = ""
    stored_layout: Annotated[
        Literal[1, 2],
        _about(
            "how hot items are written, and which indexes of orders are read. "
            "`make package` sets 1 while a stage is upgraded from one before it"
        ),
    ] = 2
    campaigns: Campaigns = Campaigns()
    catalog: Catalog = Catalog()
    earning: Earning = Earning()
    finance: Finance = Finance()
    ledger: Ledger = Ledger()
    members: Members = Members()
    orders: Orders = Orders()
    payments: Payments = Payments()
    privacy: Privacy = Privacy()
    returns: Returns = Returns()
    sign_in: SignIn = SignIn()
    withdrawals: Withdrawals = Withdrawals()

    def table(self, context: str) -> str:
        return f"jifen-{self.stage}-{context}"

    queue = table
    secret = table


@cache
def config() -> Config:
    """The settings of this process.

    Raises MissingSetting, UnknownSetting naming the variable.
    """
    if not os.environ.get("JIFEN_STAGE"):
        raise MissingSetting("JIFEN_STAGE is not set")
    return read(os.environ)


def read(env: Mapping[str, str]) -> Config:
    """The settings that an environment gives.

    Raises UnknownSetting naming the variable.
    """
    settings: Config = _read(Config, env)
    return settings


def _read(section: type[Any], env: Mapping[str, str]) -> Any:
    given: dict[str, Any] = {}
    for field in msgspec.structs.fields(section):
        if isinstance(field.default, Settings):
            given[field.name] = _read(type(field.default), env)
        elif (text := env.get(variable_of(field.name))) is not None:
            given[field.name] = _value(field, text)
    return section(**given)


def _value(field: msgspec.structs.FieldInfo, text: str) -> Any:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return msgspec.convert(
            parts if isinstance(field.default, tuple) else text,
            field.type,
            strict=False,
            dec_hook=lambda kind, value: kind(value),
        )
    except (msgspec.ValidationError, KeyError, ValueError) as error:
        raise UnknownSetting(f"{variable_of(field.name)}: {error}") from error
