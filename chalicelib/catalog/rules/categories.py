"""The tree of categories: who stands below whom, without circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from chalicelib.catalog.rules.cards import Named
from chalicelib.catalog.rules.products import Category
from chalicelib.kernel.errors import FieldError, Invalid, Words

# More levels do not fit on a phone.
MAX_DEPTH = 4


def ancestors(category_id: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """A category and all above it, the nearest first."""
    at: str | None = category_id
    # A circle, which no write of ours makes, would not end.
    for _ in range(len(parents) or 1):
        if at is None:
            return
        yield at
        at = parents.get(at)


def descendants(category_id: str, everything: Iterable[Category | Named]) -> list[str]:
    """A category and all below it, each after its parent."""
    below: dict[str | None, list[str]] = {}
    for each in everything:
        if each.id != category_id:
            below.setdefault(each.parent, []).append(each.id)
    found = [category_id]
    for at in found:
        found += below.get(at, ())
    return found


def check_place(category: Category, everything: Sequence[Category]) -> None:
    """Check that a category may stand below its parent, with all that stands below it.

    Raises Invalid.
    """
    if category.parent is None:
        return
    parents = {each.id: each.parent for each in everything} | {category.id: category.parent}
    if category.parent not in parents:
        raise _wrong("unknown_category", Words("分类不存在", "is not a category"))
    below = descendants(category.id, everything)
    if category.parent in below:
        words = Words("不能移到自己或下级分类之下", "is the category itself or stands below it")
        raise _wrong("category_cycle", words)
    above = len(list(ancestors(category.parent, parents)))
    if above + _height(category.id, everything) > MAX_DEPTH:
        words = Words(f"分类最多 {MAX_DEPTH} 级", f"would make more than {MAX_DEPTH} levels")
        raise _wrong("too_deep", words)


def _height(category_id: str, everything: Sequence[Category]) -> int:
    below = [c.id for c in everything if c.parent == category_id]
    return 1 + max((_height(each, everything) for each in below), default=0)


def _wrong(code: str, words: Words) -> Invalid:
    return Invalid(FieldError("parent", code, words))
