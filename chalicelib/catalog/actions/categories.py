"""Writes of categories and of their tree, each with its record in the audit."""

from __future__ import annotations

from functools import partial

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.catalog.actions.versions import put_next
from chalicelib.catalog.errors import CategoryExists
from chalicelib.catalog.queries import tree
from chalicelib.catalog.queries.categories import all_categories
from chalicelib.catalog.rules.categories import check_place
from chalicelib.catalog.rules.drafts import CategoryChange, CategoryDraft
from chalicelib.catalog.rules.products import Category, Localized
from chalicelib.catalog.tables.categories import TreeItem
from chalicelib.catalog.tables.items import CategoryItem, MadeCategoryItem
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, or_not_found
from chalicelib.kernel.shapes import next_version
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
)


def create_category(
    draft: CategoryDraft, made_id: str, content: bytes, act: Act
) -> tuple[Category, bool]:
    """Create a category: (category, replayed).

    Raises Invalid, CategoryExists, IdempotencyKeyReused.
    """

    def write() -> Category:
        title = Localized(draft.title.zh, draft.title.en)
        category = Category(
            id=draft.id, version=1, title=title, position=draft.position, parent=draft.parent
        )
        made = MadeCategoryItem.key(made_id)
        made.category_id, made.made_of = category.id, content
        writes = WriteSet()
        _place(writes, category)
        writes.put_new(made, or_raise=IdempotencyKeyReused)
        writes.put_new(CategoryItem.of(category), or_raise=CategoryExists)
        audit.record_change(writes, act, None, category)
        writes.commit()
        tree.forget()
        return category

    def find() -> Category | None:
        key = MadeCategoryItem.key(made_id)
        made = replay_of(MadeCategoryItem.find(key.pk, key.sk), content)
        return _category_item(made.category_id).category if made else None

    return replay_outranks_refusal(write, find)


def update_category(category_id: str, change: CategoryChange, version: int, act: Act) -> Category:
    """Change a category, or move it with all that stands below it.

    Raises NotFound, Stale, Invalid.
    """

    def changed(writes: WriteSet, item: CategoryItem) -> CategoryItem:
        category = next_version(item.category, change)
        if category.parent != item.category.parent:
            _place(writes, category)
        audit.record_change(writes, act, item.category, category)
        return CategoryItem.of(category)

    category = put_next(partial(_category_item, category_id), version, changed).category
    tree.forget()
    return category


def _place(writes: WriteSet, category: Category) -> None:
    """Add to a transaction: nothing else moves in the tree while this category takes its place.

    Raises Invalid.
    """
    if category.parent is None:
        return
    moves = TreeItem.seen()
    check_place(category, all_categories(consistent=True))
    writes.update(
        TreeItem.key(), [TreeItem.moves.set(moves + 1)], condition=unmoved(TreeItem.moves, moves)
    )


def _category_item(category_id: str) -> CategoryItem:
    item: CategoryItem = or_not_found(CategoryItem.find("CATEGORIES", category_id))
    return item
