"""Brands as the API shows them."""

from __future__ import annotations

import msgspec

from chalicelib.catalog.rules.brands import Brand
from chalicelib.catalog.rules.products import Localized
from chalicelib.kernel.shapes import shaped


class BrandView(msgspec.Struct):
    """A brand. Products name it by its `id`; they may name one that is in no list, too."""

    id: str
    title: str
    position: int
    logo: str | None


class AdminBrandView(msgspec.Struct):
    id: str
    version: int
    title: Localized
    position: int
    logo: str | None


def brand_view(brand: Brand, language: str) -> BrandView:
    return shaped(BrandView, brand, title=brand.title.in_language(language))


def admin_brand(brand: Brand) -> AdminBrandView:
    return shaped(AdminBrandView, brand)
