"""Reads of freight templates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from chalicelib.catalog.rules.freight import FreightTemplate
from chalicelib.catalog.tables.freight import FREIGHT, FreightItem
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.store.reads import ReadSet


def find_template_item(template_id: str) -> FreightItem:
    """The stored item of a template, read consistently.

    Raises NotFound, also for a malformed id.
    """
    known = is_id("frt", template_id)
    item: FreightItem = or_not_found(FreightItem.find(FREIGHT, template_id) if known else None)
    return item


def find_templates(template_ids: Iterable[str], *, consistent: bool) -> dict[str, FreightTemplate]:
    """Templates by id, in one request; none without ids."""
    reads = ReadSet()
    wanted = {
        each: reads.want(FreightItem, FREIGHT, each, consistent=consistent)
        for each in dict.fromkeys(template_ids)
    }
    reads.read()
    return {each: item.template for each, find in wanted.items() if (item := find())}


def list_templates(asked: PageQuery) -> Page[FreightTemplate]:
    """A page of the freight templates by id.

    Raises InvalidCursor.
    """

    query = partial(FreightItem.query, FREIGHT, consistent_read=True)
    return cursors.page("freight-templates", asked, query, lambda item: item.template)
