"""Writes of products: the product, its terms on stock, its lists and the audit at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.catalog.actions import shards
from chalicelib.catalog.actions.freight import check_template
from chalicelib.catalog.errors import SkuExists
from chalicelib.catalog.queries.offers import find_head
from chalicelib.catalog.queries.products import find_product_item
from chalicelib.catalog.queries.uploads import check_pictures
from chalicelib.catalog.rules.changes import added_skus, changed_product, new_product
from chalicelib.catalog.rules.details import pictures_of
from chalicelib.catalog.rules.drafts import ProductChange, ProductDraft, SkuChange
from chalicelib.catalog.rules.products import Product, Sku
from chalicelib.catalog.rules.stock import Because
from chalicelib.catalog.rules.terms import NO_TERMS
from chalicelib.catalog.tables.items import (
    CategoryItem,
    ProductItem,
    ShelfItem,
    shelf_names,
)
from chalicelib.catalog.tables.stock import StockItem, TermsItem, terms_of
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import (
    FieldError,
    IdempotencyKeyReused,
    Invalid,
    Stale,
    Words,
)
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads


def create_product(
    draft: ProductDraft, product_id: str, content: bytes, now: datetime, act: Act
) -> tuple[Product, bool]:
    """Create a product with the stock of its SKUs: (product, replayed).

    Raises Invalid, SkuExists, IdempotencyKeyReused.
    """

    def write() -> Product:
        product = new_product(draft, product_id, now)
        check_pictures(pictures_of(product))
        writes = WriteSet()
        _check_category(writes, product.category)
        if product.freight_template:
            check_template(writes, product.freight_template)
        writes.put_new(ProductItem.of(product, content), or_raise=IdempotencyKeyReused)
        for sku, drafted in zip(product.skus, draft.skus, strict=True):
            _add_stock(writes, product, sku, drafted.stock)
        if product.rare_terms != NO_TERMS:
            writes.put(TermsItem.of(product))
        for name in shelf_names(product):
            writes.put(ShelfItem.of(name, product))
        audit.record_change(writes, act, None, product)
        writes.commit()
        return product

    def find() -> Product | None:
        item = replay_of(ProductItem.read(product_id, consistent=True), content)
        return item.product if item else None

    made = replay_outranks_refusal(write, find)
    _make_shards({sku.sku: sku.shards for sku in draft.skus})
    return made


def update_product(
    product_id: str, change: ProductChange, version: int, now: datetime, act: Act
) -> Product:
    """Change a product and the terms on all its stock.

    Raises NotFound, Stale, Invalid, SkuExists.
    """

    added: dict[str, SkuChange] = {}

    def write() -> Product:
        item = find_product_item(product_id, consistent=True)
        if item.version != version:
            raise Stale()
        added.update({each.sku: each for each in added_skus(item.product, change)})
        product = changed_product(item.product, change, now)
        seen = {path for _, path in pictures_of(item.product)}
        check_pictures(named for named in pictures_of(product) if named[1] not in seen)
        writes = WriteSet()
        if product.category != item.product.category:
            _check_category(writes, product.category)
        if product.freight_template and product.freight_template != item.product.freight_template:
            check_template(writes, product.freight_template)
        same = ProductItem.version == version
        writes.put(ProductItem.of(product, item.made_of), condition=same, or_raise=Stale)
        _write_terms(writes, product, {sku: each.stock or 0 for sku, each in added.items()})
        _write_rare_terms(writes, item.product, product)
        _update_shelves(writes, item.product, product)
        audit.record_change(writes, act, item.product, product)
        writes.commit()
        return product

    product = with_fresh_reads(write)
    # No sale is on the old terms once this has answered; a crash leaves it to the stream.
    shards.complete_terms(sku.sku for sku in product.skus if sku.sku not in added)
    _make_shards({sku: each.shards for sku, each in added.items()})
    return product


def _check_category(writes: WriteSet, category_id: str) -> None:
    words = Words("分类不存在", "is not a category")
    unknown = Invalid(FieldError("category", "unknown_category", words))
    writes.check(CategoryItem.key(category_id), CategoryItem.sk.exists(), or_raise=unknown)


def _add_stock(writes: WriteSet, product: Product, sku: Sku, stock: int) -> None:
    created, terms = Because("created").stamp, terms_of(product, sku)
    item = StockItem(*StockItem.key_of(sku.sku), available=stock, moved=created, **terms)
    writes.put_new(item, or_raise=SkuExists(sku=sku.sku))


def _make_shards(wanted: dict[str, int]) -> None:
    """Give new SKUs the shards that they were made with, unless their number has changed."""
    for sku, number in wanted.items():
        head = find_head(sku) if number > 1 else None
        if head is not None and head.version == 1 and not head.shards:
            shards.raise_shards(head, number)


def _write_terms(writes: WriteSet, product: Product, added: dict[str, int]) -> None:
    """Write new terms on the stock of every SKU, without its count; add stock for new SKUs."""
    for sku in product.skus:
        if sku.sku in added:
            _add_stock(writes, product, sku, added[sku.sku])
            continue
        actions = []
        for name, value in terms_of(product, sku).items():
            attribute: Any = getattr(StockItem, name)
            actions.append(attribute.remove() if value is None else attribute.set(value))
        writes.update(StockItem.key(sku.sku), actions, condition=StockItem.product_id == product.id)


def _write_rare_terms(writes: WriteSet, seen: Product, product: Product) -> None:
    if product.rare_terms != NO_TERMS:
        writes.put(TermsItem.of(product))
    elif seen.rare_terms != NO_TERMS:
        writes.delete(TermsItem.key(product.id))


def _update_shelves(writes: WriteSet, seen: Product, product: Product) -> None:
    names = shelf_names(product)
    for name in shelf_names(seen) - names:
        writes.delete(ShelfItem.key(name, product.id))
    for name in names:
        writes.put(ShelfItem.of(name, product))
