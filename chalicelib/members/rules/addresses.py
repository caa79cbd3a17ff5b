"""Postal addresses: their checks, and their short form in an order."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.members.rules.people import HOME_COUNTRY, Destination, any_phone

MAX_ADDRESSES = 20
# With an address of so many bytes, an order of one SKU always stays under 1 KB.
ONE_UNIT_BYTES = 265
T = TypeVar("T", bound="Address")
_ENCODING = "gb18030"
_BETWEEN = "\x1f"
_MAY_BE_ABSENT = ("district", "postal_code", "division_code")
_REQUIRED = Words("必填", "is required")
_BLANK = Words("不能为空", "must not be blank")


class Address(msgspec.Struct, frozen=True):
    """A postal address; `phone` is E.164, `country` ISO 3166 in two letters.

    `province` may be empty.
    """

    recipient: str
    phone: str
    country: str
    province: str
    city: str
    district: str | None
    street: str
    postal_code: str | None

    @property
    def masked(self) -> Address:
        """The address for those who send nothing: its place as far as the district, and enough of
        the person to tell two orders apart."""
        name, phone = self.recipient[:1] + "**", Destination("phone", self.phone).masked
        return msgspec.structs.replace(
            self, recipient=name, phone=phone, street="***", postal_code=None
        )

    def encode(self) -> bytes:
        """The short form; above ONE_UNIT_BYTES it costs an order a second KB.

        GB18030 takes two bytes for a Chinese character where UTF-8 takes three, and one for a
        Latin one: in the division with the longest name of all, a street of 90 characters fits.
        """
        values = [getattr(self, name) for name in Address.__struct_fields__]
        return _BETWEEN.join(value or "" for value in values).encode(_ENCODING)

    @staticmethod
    def decode(encoded: bytes) -> Address:
        """The address from the short form of any release.

        Missing fields are absent, and unknown ones are dropped. So a new field comes at the end
        and is optional.
        """
        texts = encoded.decode(_ENCODING).split(_BETWEEN)
        values: dict[str, str] = dict(zip(Address.__struct_fields__, texts, strict=False))
        absent = {name: None for name in _MAY_BE_ABSENT if not values.get(name)}
        return msgspec.convert({**values, **absent}, Address)


class BookAddress(Address, frozen=True):
    """An address in a member's book: with the code of its division in China, of six digits, where
    the client knows it. An order keeps the names alone."""

    division_code: str | None = None

    @property
    def names(self) -> Address:
        """The address as an order keeps it."""
        return Address.decode(super().encode())

    def encode(self) -> bytes:
        """The short form with the code at its end, which an order's reader drops."""
        code = self.division_code
        return super().encode() + (f"{_BETWEEN}{code}".encode() if code else b"")

    @staticmethod
    def decode(encoded: bytes) -> BookAddress:
        texts = encoded.decode(_ENCODING).split(_BETWEEN)
        code = dict(enumerate(texts)).get(len(Address.__struct_fields__)) or None
        known = msgspec.structs.asdict(Address.decode(encoded))
        return BookAddress(**known, division_code=code)


def in_division(address: BookAddress) -> BookAddress:
    """The address whose names are those of its division, with the district that its code names.

    Names without a code are never refused: places are renamed, and people write them their way.

    Raises Invalid naming the field.
    """
    if address.division_code is None:
        return address
    if address.country != HOME_COUNTRY:
        words = Words("仅用于中国大陆地址", "is for addresses in mainland China")
        raise Invalid(FieldError("division_code", "only_in_china", words))
    from chalicelib.members.rules.divisions import place_of

    place = place_of(address.division_code)
    if place is None:
        words = Words("没有该区划代码", "is no division's code")
        raise Invalid(FieldError("division_code", "unknown_division", words))
    for field, wanted in place._asdict().items():
        given = getattr(address, field)
        if given and wanted and not _is_named(given, wanted):
            words = Words(f"与区划代码不符，应为{wanted}", f"differs from the code's: {wanted}")
            raise Invalid(FieldError(field, "not_of_division", words))
    return msgspec.structs.replace(address, district=address.district or place.district)


def _is_named(given: str, name: str) -> bool:
    """`浙江` is 浙江省, too."""
    return given == name or (len(given) > 1 and name.startswith(given))


def valid_address(address: T) -> T:
    """The address without outer spaces and with its phone as E.164.

    Abroad the province is optional: Singapore and most of Europe have none.

    Raises Invalid naming the field.
    """
    given: dict[str, str | None] = msgspec.structs.asdict(address)
    values = {name: (value or "").strip() or None for name, value in given.items()}
    has_province = address.country.strip() == HOME_COUNTRY
    for name, value in values.items():
        if value or name in _MAY_BE_ABSENT or (name == "province" and not has_province):
            continue
        code, words = ("required", _REQUIRED) if given[name] is None else ("blank", _BLANK)
        raise Invalid(FieldError(name, code, words))
    values["province"] = values["province"] or ""
    values["phone"] = any_phone(address.phone, address.country, "phone")
    return msgspec.convert(values, type(address))


def check_may_unset(address_id: str, default_id: str | None) -> None:
    """Check that an address may be declared not the default one.

    Raises Invalid for the default itself: another address takes its place.
    """
    if address_id == default_id:
        words = Words("请将另一地址设为默认", "is unset by making another address the default")
        raise Invalid(FieldError("is_default", "choose_another", words))
