"""Stores: where services are used and goods are fetched, with their hours and staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from chalicelib.catalog.rules.drafts import Name, Title, TitleChange
from chalicelib.catalog.rules.products import Localized
from chalicelib.kernel import shapes, spelling
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.texts import END_OF_DAY, SHOP_PHONE, STAFF_ID, TIME_OF_DAY, kind

StoreStatus = Literal["open", "closed"]
Day = Annotated[int, Meta(ge=1, le=7)]
StoreLine = Annotated[str, kind(120)]
StorePhone = Annotated[str, kind(40, spelling.pasted, SHOP_PHONE, at_least=5)]
StaffId = Annotated[str, kind(64, spelling.pasted, STAFF_ID)]
Opens = Annotated[str, kind(5, spelling.pasted, TIME_OF_DAY), Meta(description="such as 09:00")]
Closes = Annotated[
    str,
    kind(5, spelling.pasted, END_OF_DAY),
    Meta(description="later than `opens`; 24:00 at most"),
]


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Opening hours on some days of the week, 1 is Monday, on the program's clock."""

    days: Annotated[list[Day], Meta(min_length=1, max_length=7)]
    opens: Opens
    closes: Closes


OpeningHours = Annotated[list[Hours], Meta(max_length=14)]
Staff = Annotated[list[StaffId], Meta(max_length=50)]


class City(Localized, frozen=True, forbid_unknown_fields=True):
    """A city's name: at most 40 characters in each language."""

    zh: Name = msgspec.field(name="zh-CN")
    en: Name


class StoreAddress(Localized, frozen=True, forbid_unknown_fields=True):
    """An address below its city: at most 120 characters in each language."""

    zh: StoreLine = msgspec.field(name="zh-CN")
    en: StoreLine


class StoreDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new store. Only its `staff` and admins use vouchers there; without any, all of ops do."""

    title: Title
    city: City
    address: StoreAddress
    phone: StorePhone | None = None
    hours: OpeningHours = []
    staff: Staff = []
    status: StoreStatus = "open"


class StoreChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any part of a store but its id; absent fields stay."""

    title: TitleChange | UnsetType = UNSET
    city: City | UnsetType = UNSET
    address: StoreAddress | UnsetType = UNSET
    phone: StorePhone | UnsetType | None = UNSET
    hours: OpeningHours | UnsetType = UNSET
    staff: Staff | UnsetType = UNSET
    status: StoreStatus | UnsetType = UNSET


class Store(msgspec.Struct, frozen=True, kw_only=True):
    """A store as ops describe it. A closed one takes no new orders; vouchers stay good there."""

    id: str
    version: int
    title: Localized
    city: Localized
    address: Localized
    phone: str | None = None
    hours: list[Hours] = []
    staff: list[str] = []
    status: StoreStatus = "open"
    created_at_ms: int = 0

    def is_open_at(self, now: datetime) -> bool:
        """Whether somebody is there: no hours mean always."""
        if self.status != "open":
            return False
        local = now.astimezone(config().time_zone)
        clock = f"{local:%H:%M}"
        return not self.hours or any(
            local.isoweekday() in each.days and each.opens <= clock < each.closes
            for each in self.hours
        )


def new_store(draft: StoreDraft, store_id: str, created_at_ms: int) -> Store:
    """The store of a draft, version 1.

    Raises Invalid.
    """
    _check_hours(draft.hours)
    return Store(
        id=store_id,
        version=1,
        title=Localized(draft.title.zh, draft.title.en),
        city=Localized(draft.city.zh, draft.city.en),
        address=Localized(draft.address.zh, draft.address.en),
        phone=draft.phone,
        hours=draft.hours,
        staff=draft.staff,
        status=draft.status,
        created_at_ms=created_at_ms,
    )


def changed_store(seen: Store, change: StoreChange) -> Store:
    """The next version of a store.

    Raises Invalid.
    """
    after = shapes.next_version(seen, change)
    _check_hours(after.hours)
    city, address = after.city, after.address
    return replace(
        after,
        city=Localized(city.zh, city.en),
        address=Localized(address.zh, address.en),
    )


def unknown_store(field: str) -> Invalid:
    words = Words("门店不存在或已停业", "is not an open store")
    return Invalid(FieldError(field, "unknown_store", words))


def _check_hours(hours: Iterable[Hours]) -> None:
    if wrong := tuple(_hours_errors(hours)):
        raise Invalid(*wrong)


def _hours_errors(hours: Iterable[Hours]) -> Iterator[FieldError]:
    for number, each in enumerate(hours):
        if each.closes <= each.opens:
            words = Words("须晚于 opens", "must be later than opens")
            yield FieldError(f"hours[{number}].closes", "not_after_opens", words)
        if len(set(each.days)) < len(each.days):
            words = Words("日期重复", "names a day twice")
            yield FieldError(f"hours[{number}].days", "duplicate", words)
