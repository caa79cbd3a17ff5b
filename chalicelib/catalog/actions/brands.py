"""Writes of brands, each with its record in the audit."""

from __future__ import annotations

from functools import partial

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.catalog.actions.versions import put_next
from chalicelib.catalog.errors import BrandExists
from chalicelib.catalog.queries.brands import find_brand_item
from chalicelib.catalog.queries.uploads import check_pictures
from chalicelib.catalog.rules.brands import Brand, BrandChange, BrandDraft, new_brand
from chalicelib.catalog.tables.brands import BrandItem, MadeBrandItem
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Stale
from chalicelib.kernel.shapes import next_version
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads


def create_brand(draft: BrandDraft, made_id: str, content: bytes, act: Act) -> tuple[Brand, bool]:
    """Create a brand: (brand, replayed).

    Raises Invalid, BrandExists, IdempotencyKeyReused.
    """

    def write() -> Brand:
        brand = new_brand(draft)
        check_pictures([("logo", brand.logo or "")])
        made = MadeBrandItem.key(made_id)
        made.brand_id, made.made_of = brand.id, content
        writes = WriteSet()
        writes.put_new(made, or_raise=IdempotencyKeyReused)
        writes.put_new(BrandItem.of(brand), or_raise=BrandExists)
        audit.record_change(writes, act, None, brand)
        writes.commit()
        return brand

    def find() -> Brand | None:
        key = MadeBrandItem.key(made_id)
        made = replay_of(MadeBrandItem.find(key.pk, key.sk), content)
        return find_brand_item(made.brand_id).brand if made else None

    return replay_outranks_refusal(write, find)


def update_brand(brand_id: str, change: BrandChange, version: int, act: Act) -> Brand:
    """Change a brand.

    Raises NotFound, Stale, Invalid.
    """

    def changed(writes: WriteSet, item: BrandItem) -> BrandItem:
        brand = next_version(item.brand, change)
        if brand.logo != item.brand.logo:
            check_pictures([("logo", brand.logo or "")])
        audit.record_change(writes, act, item.brand, brand)
        return BrandItem.of(brand)

    return put_next(partial(find_brand_item, brand_id), version, changed).brand


def delete_brand(brand_id: str, version: int, act: Act) -> None:
    """Delete a brand. Goods that name it go on by its id.

    Raises NotFound, Stale.
    """

    def write() -> None:
        item = find_brand_item(brand_id)
        if item.version != version:
            raise Stale()
        writes = WriteSet()
        same = BrandItem.version == version
        writes.delete(BrandItem.key(brand_id), condition=same, or_raise=Stale)
        audit.record_change(writes, act, item.brand, None)
        writes.commit()

    with_fresh_reads(write)
