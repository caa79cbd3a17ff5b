"""Members as values: destinations of codes, profiles, messages of codes."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import pasted
from chalicelib.members.rules.policies import Consent

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

Kind = Literal["phone", "email"]

HOME_COUNTRY = "CN"
CODE_DIGITS = 6
CODE_LIFETIME_MS = 10 * 60 * 1000
CODE_TRIES = 5
REFRESH_IDLE_MS = 30 * 24 * 3600 * 1000
REFRESH_AT_MOST_MS = 90 * 24 * 3600 * 1000
BROWSER_GRACE_MS = 60 * 1000
MAX_IDENTITIES = 10
LOWEST_TIER = "normal"
# Gifts follow birthdays: one that moves would be given again.
BIRTHDAY_KEPT_DAYS = 365
_PHONE = re.compile(r"[+＋]?[\d ()./-]{5,32}\Z")


class Destination(NamedTuple):
    """The destination of a code: an E.164 number or an e-mail address."""

    kind: Kind
    text: str

    @property
    def masked(self) -> str:
        """`+86138****8000`, `a***@example.com`: its owner can recognise it."""
        if self.kind == "phone":
            return f"{self.text[:-8]}****{self.text[-4:]}"
        name, _, domain = self.text.rpartition("@")
        return f"{name[:1]}***@{domain}"


class Member(NamedTuple):
    """A member; phone and e-mail are those linked last."""

    id: str
    nickname: str | None
    avatar: str | None
    phone: Destination | None
    email: Destination | None
    language: str
    roles: frozenset[str]
    consent: Consent | None
    created_at: int
    tier: str = LOWEST_TIER
    birthday: str | None = None
    merged_from: tuple[str, ...] = ()


class Contact(NamedTuple):
    """A member's contact: an E.164 number, an e-mail address, `zh-CN` or `en`."""

    phone: str | None
    email: str | None
    language: str
    nickname: str | None


class Message(NamedTuple):
    subject: str
    text: str


def phone_destination(text: str, field: str) -> Destination:
    """A number that can receive SMS, as E.164; without a country code it is Chinese.

    Raises Invalid naming the field.
    """
    import phonenumbers

    number = _parsed(text, HOME_COUNTRY, field)
    mobile = (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )
    if phonenumbers.number_type(number) not in mobile:
        raise _invalid_phone(field)
    return Destination("phone", _e164(number))


def any_phone(text: str, region: str, field: str) -> str:
    """Any valid number, including fixed lines, as E.164.

    Raises Invalid naming the field.
    """
    return _e164(_parsed(text, region, field))


def _parsed(text: str, region: str, field: str) -> PhoneNumber:
    import phonenumbers

    text = pasted(text)
    if not _PHONE.match(text):
        raise _invalid_phone(field)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise _invalid_phone(field) from error
    if not phonenumbers.is_valid_number(number):
        raise _invalid_phone(field)
    return number


def _e164(number: PhoneNumber) -> str:
    import phonenumbers

    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _invalid_phone(field: str) -> Invalid:
    return Invalid(FieldError(field, "invalid_phone", Words("号码无效", "is not a valid number")))


def email_destination(text: str, field: str) -> Destination:
    """An e-mail address with its domain in lower-case ASCII; its existence is not checked.

    Raises Invalid naming the field.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        # The mail service takes ASCII only; `.test` addresses let stages be tried without mail.
        found = validate_email(
            pasted(text), check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError as error:
        words = Words("邮箱地址无效", "is not a valid e-mail address")
        raise Invalid(FieldError(field, "invalid_email", words)) from error
    return Destination("email", found.ascii_email or found.normalized)


def code_message(code: str, language: str) -> Message:
    minutes = CODE_LIFETIME_MS // 60_000
    if language == "en":
        text = f"{code} is your Jifen code. It is good for {minutes} minutes. Never share it."
        return Message("Your Jifen code", text)
    text = f"【积分商城】您的验证码是 {code}，{minutes} 分钟内有效，请勿告诉他人。"
    return Message("积分商城验证码", text)


def is_code(text: str) -> bool:
    """Whether a text has the form of a code."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit()


def origin(ip: str) -> str:
    """The unit of rate limits by IP: an IPv4 address, or an IPv6 subscriber's /64."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def session_ends_at(created_at: int, now_ms: int) -> int:
    """The end of a session used now: 30 days from now, but at most 90 days from its login."""
    return min(now_ms + REFRESH_IDLE_MS, created_at + REFRESH_AT_MOST_MS)


def is_in_grace(rotated_at: int, now_ms: int) -> bool:
    """Whether a browser still gets the answer of its last rotation: for a minute after it."""
    return now_ms - rotated_at <= BROWSER_GRACE_MS
