"""Brands: who makes the goods, in both languages."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.catalog.rules.drafts import Picture, Position, Title, TitleChange
from chalicelib.catalog.rules.products import Localized
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import SLUG, kind

BrandId = Annotated[str, kind(40, pasted, SLUG)]


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    """A brand; lists show the lowest position first."""

    id: str
    version: int
    title: Localized
    position: int
    logo: str | None


class BrandDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new brand. Products name it by its id, which never changes."""

    id: BrandId
    title: Title
    position: Position = 0
    logo: Picture | None = None


class BrandChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Any part of a brand but its id."""

    title: TitleChange | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    logo: Picture | UnsetType | None = UNSET


def new_brand(draft: BrandDraft) -> Brand:
    """The brand of a draft, version 1."""
    return Brand(
        id=draft.id,
        version=1,
        title=Localized(draft.title.zh, draft.title.en),
        position=draft.position,
        logo=draft.logo or None,
    )
