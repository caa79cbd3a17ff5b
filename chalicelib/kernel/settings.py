"""What settings are made of, and the sections that `kernel/config.py` has no room for."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class MissingSetting(RuntimeError):
    """A setting that this function needs is not in its environment."""


def about(effect: str) -> Meta:
    """The effect of a setting, as docs/settings.md tells it."""
    return Meta(description=effect)


def count(effect: str) -> Meta:
    """The same, for a count or an amount."""
    return Meta(ge=0, description=effect)


def variable_of(name: str) -> str:
    """The environment variable that a setting is read from."""
    return f"JIFEN_{name.upper()}"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one context. Counts and amounts are never below 0."""

    def required(self, name: str) -> str:
        """The value of a setting that may be empty elsewhere but not here.

        Raises MissingSetting.
        """
        value: str = getattr(self, name)
        if not value:
            raise MissingSetting(f"{variable_of(name)} is not set")
        return value


class Members(Settings, frozen=True):
    otp_per_destination_10_minutes: Annotated[
        int, count("login codes for one phone or e-mail in ten minutes")
    ] = 5
    otp_per_destination_day: Annotated[
        int, count("login codes for one phone or e-mail in a day")
    ] = 20
    otp_delays_seconds: Annotated[
        tuple[Annotated[int, Meta(ge=0)], ...],
        about(
            "seconds between login codes for one phone or e-mail: after the first unused code, "
            "after the second, and so on; the last counts for all further ones"
        ),
    ] = (0, 30, 60, 300)
    otp_per_ip_hour: Annotated[
        int, count("login codes for one caller in an hour (an IPv6 /64 is one)")
    ] = 100
    otp_per_device_hour: Annotated[
        int, count("login codes for one `Jifen-Device` in an hour, of apps that send it")
    ] = 30
    otp_per_range_hour: Annotated[
        int,
        count(
            "login codes by SMS in an hour for one range of numbers: those of the home country "
            "that differ in their last four digits, those of another that share its code and "
            "three digits"
        ),
    ] = 100
    otp_texts_hour: Annotated[
        int, count("login codes by SMS in an hour, to all together: the most that they may cost")
    ] = 10_000
    otp_blocked_prefixes: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{0,14}$(?!\n)")], ...],
        about(
            "numbers that get no login codes by how they begin, such as `+979` for a country or "
            "`+86170` for a range"
        ),
    ] = ()
    captcha_verify_url: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^\s]{1,200})?$(?!\n)",
            description=(
                "where a captcha's token is verified, as reCAPTCHA, hCaptcha and Turnstile do it; "
                "without it nobody is asked for one"
            ),
        ),
    ] = ""
    captcha_site_key: Annotated[str, about("the public key with which pages show the captcha")] = ""
    captcha_script: Annotated[
        str,
        Meta(
            pattern=r"^(https://[!-~]{1,200}|/[!-~]{0,200})?$(?!\n)",
            description=(
                "the provider's script, which pages load to show the captcha: that of Turnstile, "
                "hCaptcha or reCAPTCHA, with `?render=explicit`; pages are told it beside the key"
            ),
        ),
    ] = ""
    captcha_after_per_ip_hour: Annotated[
        int, count("login codes for one caller in an hour, beyond which a captcha is asked for")
    ] = 10
    captcha_after_per_range_hour: Annotated[int, count("the same for one range of numbers")] = 20


class Returns(Settings, frozen=True):
    return_window_days: Annotated[
        int, count("days after delivery in which a member may ask for a return")
    ] = 15
    return_decision_days: Annotated[
        int, count("days in which the staff decides about a return: then it counts as approved")
    ] = 3
    return_sending_days: Annotated[
        int, count("days in which a member sends the goods back: then the return is withdrawn")
    ] = 7
    return_receipt_days: Annotated[
        int,
        count("days in which the staff records goods that were sent back: then they are refunded"),
    ] = 10
    return_finish_days: Annotated[
        int,
        count(
            "days in which the rest of a return may come, and the replacement of an exchange is "
            "shipped: then a return is closed, and an exchange refunded"
        ),
    ] = 7
    return_address: Annotated[
        str,
        about(
            "where members send goods back, unless the staff says otherwise. Without it no return "
            "is approved by the end of its time alone, and the sweep fails"
        ),
    ] = ""
    returned_freight: Annotated[
        bool,
        about("whether freight goes back with the last units of an order, if they are returned"),
    ] = True


def _provider_address(effect: str) -> Meta:
    return Meta(pattern=r"^https?://[^\s/?#]+$(?!\n)", description=effect)


class SignIn(Settings, frozen=True):
    """Sign-in by WeChat and QQ: an app without an id is not offered."""

    sign_in_returns: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^https?://[^\s#?]+$(?!\n)")], ...],
        about(
            "the pages that WeChat and QQ lead browsers back to, as whole addresses, such as "
            "`https://mall.example.com/pages/sign-in/return`. A provider leads to no other one"
        ),
    ] = ()
    sign_ins_per_ip_hour: Annotated[
        int, count("sign-ins at WeChat and QQ of one caller in an hour (an IPv6 /64 is one)")
    ] = 300
    wechat_mini_program_id: Annotated[str, about("the app id of the WeChat mini program")] = ""
    wechat_official_account_id: Annotated[
        str, about("the app id of the WeChat official account, for pages in WeChat's own browser")
    ] = ""
    wechat_website_id: Annotated[
        str, about("the app id of the WeChat website application, for all other browsers")
    ] = ""
    wechat_mobile_app_id: Annotated[str, about("the app id of the WeChat mobile application")] = ""
    qq_mini_program_id: Annotated[str, about("the app id of the QQ mini program")] = ""
    qq_website_id: Annotated[str, about("the app id of the QQ website application")] = ""
    qq_mobile_app_id: Annotated[str, about("the app id of the QQ mobile application")] = ""
    wechat_api_base: Annotated[str, _provider_address("the address of WeChat's API")] = (
        "https://api.weixin.qq.com"
    )
    wechat_open_base: Annotated[
        str, _provider_address("the address of the pages on which people agree at WeChat")
    ] = "https://open.weixin.qq.com"
    qq_api_base: Annotated[str, _provider_address("the address of QQ's API and pages")] = (
        "https://graph.qq.com"
    )
    qq_mini_program_api_base: Annotated[
        str, _provider_address("the address of the API of QQ's mini programs")
    ] = "https://api.q.qq.com"


class Privacy(Settings, frozen=True):
    exports_bucket: Annotated[str, about("the bucket of members' exports")] = ""
    erasure_after_days: Annotated[
        int,
        # An access token of before the asking is good for a quarter of an hour.
        Meta(
            ge=1,
            le=365,
            description="days between closing an account and erasing it: a login keeps it",
        ),
    ] = 7


class Ledger(Settings, frozen=True):
    reminder_days: Annotated[
        tuple[Annotated[int, Meta(ge=0)], ...],
        about("days ahead of a lapse on which members are reminded"),
    ] = (30, 7, 1)
    refunded_points_grace_days: Annotated[
        int,
        Meta(
            ge=0,
            le=3660,
            description=(
                "days that refunded points live whose own time has passed meanwhile: with 0 they "
                "come back lapsed"
            ),
        ),
    ] = 0
    transfer_points_at_once: Annotated[
        int, count("the most points that a member may give away at once")
    ] = 50_000
    transfer_points_a_day: Annotated[
        int, count("the most points that a member may give away in a day")
    ] = 100_000
    transfers_a_day: Annotated[int, count("how many gifts a member may send in a day")] = 20
    transfer_escrow_days: Annotated[
        int, count("days that a gift waits for somebody to register")
    ] = 7
    adjustment_alone_at_most: Annotated[
        int,
        count("larger adjustments, and those of one's own account, need a second person"),
    ] = 10_000
    review_pending_days: Annotated[
        int,
        Meta(
            ge=1,
            le=366,
            description=(
                "days that new points of a member wait while their credits are pending or their "
                "account is under review"
            ),
        ),
    ] = 14
    rebate_alone_at_most: Annotated[
        int,
        count(
            "the same for gifts of rebate cash, in minor units: "
            "with 0 each gift needs a second person"
        ),
    ] = 0


class Campaigns(Settings, frozen=True):
    campaign_alone_at_most: Annotated[
        int,
        count(
            "campaigns whose budget is worth more, in minor units, or that have none, need a "
            "second person"
        ),
    ] = 100_000
    point_worth: Annotated[
        int,
        count(
            "the worth of a point in millionths of a minor unit, where campaigns are compared or "
            "approved"
        ),
    ] = 1_000_000
