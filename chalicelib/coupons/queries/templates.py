"""Reads of templates, their versions and counts."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from chalicelib.coupons.rules.counts import SHARDS, Counts, Shard, counts_of, fullest
from chalicelib.coupons.rules.templates import PUBLISHED, Template
from chalicelib.coupons.tables.items import CouponsItem
from chalicelib.coupons.tables.templates import (
    NOW,
    TEMPLATE,
    CountItem,
    TemplateItem,
    list_of,
    version_key,
)
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.recall import Recall
from chalicelib.kernel.store.reads import ReadSet

# A version never changes.
VERSIONS: Recall[tuple[str, int], Template] = Recall(3600, 1000)
OFFERED: Recall[str, list[Template]] = Recall(15, 1)
GONE: Recall[str, bool] = Recall(15, 1000)


def find_template(template_id: str) -> Template | None:
    found: Template | None = TemplateItem.find_value(TEMPLATE + template_id, NOW)
    return found


def get_template(template_id: str) -> Template:
    """Raises NotFound."""
    return or_not_found(find_template(template_id))


def version_of(template_id: str, version: int) -> Template:
    """A template as it was in a version that gave coupons.

    Raises NotFound.
    """
    found = VERSIONS.get((template_id, version))
    if found is None:
        kept = TemplateItem.find_value(TEMPLATE + template_id, version_key(version))
        found = or_not_found(kept)
        VERSIONS.keep((template_id, version), found)
    return found


def list_templates(status: str, asked: PageQuery) -> Page[Template]:
    """A page of the templates in a state, the newest first.

    Raises InvalidCursor.
    """
    query = partial(CouponsItem.listed.query, list_of(status), scan_index_forward=False)
    found = page(f"coupon_templates|{status}", asked, query, lambda item: (item.pk, item.sk))
    items = {item.pk: item for item in TemplateItem.batch_get(found.data)}
    return Page([items[pk].value() for pk, _ in found.data if pk in items], found.next_cursor)


def published() -> list[Template]:
    """All published templates as of some seconds ago, the newest first."""
    found = OFFERED.get(PUBLISHED)
    if found is None:
        rows = CouponsItem.listed.query(list_of(PUBLISHED), scan_index_forward=False)
        keys = [(row.pk, row.sk) for row in rows]
        items = {item.pk: item.value() for item in TemplateItem.batch_get(keys)} if keys else {}
        found = [items[pk] for pk, _ in keys if pk in items]
        OFFERED.keep(PUBLISHED, found)
    return found


def want_shard(reads: ReadSet, template_id: str) -> Callable[[], Shard]:
    """Want one shard of a template's counts; after `read` one that has coupons left, if any has."""
    number = random.randrange(SHARDS)  # noqa: S311 - a shard, not a secret
    key = CountItem.key(template_id, number)
    found = reads.want(CountItem, key.pk, key.sk)

    def shard() -> Shard:
        item = found()
        one: Shard = item.value() if item else Shard(number)
        if one.left is None or one.left > 0:
            return one
        return fullest(shards_of(template_id)) or one

    return shard


def shards_of(template_id: str) -> list[Shard]:
    """All shards of a template's counts, read consistently."""
    reads = ReadSet()
    keys = [CountItem.key(template_id, number) for number in range(SHARDS)]
    wanted = [reads.want(CountItem, key.pk, key.sk) for key in keys]
    reads.read()
    found = [each() for each in wanted]
    return [item.value() if item else Shard(number) for number, item in enumerate(found)]


def counts(template: Template) -> Counts:
    """How many coupons of a template are given and left, exactly."""
    return counts_of(shards_of(template.id), template.total)


def offered(now_ms: int) -> list[Template]:
    """The templates whose coupons members may have now, the newest first."""
    return [each for each in published() if each.is_listed and each.is_offered(now_ms)]


def is_gone(template: Template) -> bool:
    """Whether all coupons of a template were given, as of some seconds ago."""
    if template.total is None:
        return False
    found = GONE.get(template.id)
    if found is None:
        found = counts(template).left == 0
        GONE.keep(template.id, found)
    return found
