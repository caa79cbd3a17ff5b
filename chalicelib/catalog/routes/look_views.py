"""How goods look in a line of an order, in the reader's language."""

from __future__ import annotations

import msgspec

from chalicelib.catalog.rules.products import Product
from chalicelib.catalog.rules.spec_words import skus_in
from chalicelib.catalog.rules.uploads import thumbnail_of
from chalicelib.kernel.shapes import shaped


class SkuLook(msgspec.Struct):
    sku: str
    specs: dict[str, str]


class LookView(msgspec.Struct):
    """A product as it looks today, with the specs of its SKUs."""

    id: str
    title: str
    picture: str | None
    thumbnail: str | None
    skus: list[SkuLook]


class Looks(msgspec.Struct):
    """Products in the order of the ids, those off sale among them. Unknown ids and goods that were
    never on sale are left out."""

    data: list[LookView]


def product_look(product: Product, language: str) -> LookView:
    return shaped(
        LookView,
        product,
        title=product.title.in_language(language),
        thumbnail=thumbnail_of(product.picture),
        skus=[SkuLook(sku.sku, sku.specs) for sku in skus_in(product, language)],
    )
