"""The goods that a coupon or a campaign is about."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.texts import ID, PLAIN, SkuCode, kind

Skus = Annotated[list[SkuCode], Meta(max_length=500)]
Products = Annotated[list[Annotated[str, kind(64, form=ID)]], Meta(max_length=500)]
Names = Annotated[list[Annotated[str, kind(40, form=PLAIN)]], Meta(max_length=100)]


class ScopeExcept(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Goods that are left out, by any of their names."""

    skus: Skus = []
    products: Products = []
    categories: Names = []
    brands: Names = []


class Scope(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """All goods, or those that one of the lists names; a category holds those below it.

    Goods of `except` are left out.
    """

    all: bool = False
    skus: Skus = []
    products: Products = []
    categories: Names = []
    brands: Names = []
    except_: ScopeExcept | None = msgspec.field(default=None, name="except")


EVERYTHING = Scope(all=True)
