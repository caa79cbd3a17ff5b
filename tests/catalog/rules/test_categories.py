"""The tree of categories."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.rules.categories import ancestors, check_place, descendants
from chalicelib.catalog.rules.products import Category, Localized
from chalicelib.kernel.errors import Invalid

pytestmark = pytest.mark.pure


def category(name: str, parent: str | None = None) -> Category:
    return Category(id=name, version=1, title=Localized("类", "C"), position=0, parent=parent)


def tree(**parents: str | None) -> list[Category]:
    return [category(name, parent) for name, parent in parents.items()]


def code(moved: Category, everything: list[Category]) -> str | None:
    try:
        check_place(moved, everything)
    except Invalid as refused:
        (field,) = refused.fields
        assert field.field == "parent"
        return field.code
    return None


CHAIN = tree(a=None, b="a", c="b", d="c")


def test_a_category_stands_at_the_top_or_below_another() -> None:
    assert code(category("new"), CHAIN) is None
    assert code(category("new", "c"), CHAIN) is None
    assert code(category("new", "none"), CHAIN) == "unknown_category"
    assert code(category("c", "a"), CHAIN) is None


def test_a_tree_has_four_levels_at_most() -> None:
    assert code(category("new", "d"), CHAIN) == "too_deep"
    # `b` has two levels below it.
    assert code(category("b", "x"), [*CHAIN, category("x")]) is None
    assert code(category("b", "y"), [*CHAIN, *tree(x=None, y="x")]) == "too_deep"


def test_a_category_is_never_below_itself() -> None:
    for below in ("a", "b", "c", "d"):
        assert code(category("a", below), CHAIN) == "category_cycle", below


def test_a_category_has_all_below_it_as_descendants() -> None:
    everything = tree(a=None, b="a", c="b", d="a", e=None)
    assert descendants("a", everything) == ["a", "b", "d", "c"]
    assert descendants("e", everything) == ["e"]
    assert list(ancestors("c", {each.id: each.parent for each in everything})) == ["c", "b", "a"]


MOVES = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", *"abcdef"])), max_size=30
)


@given(MOVES)
def test_no_moves_make_a_circle_or_a_fifth_level(moves: list[tuple[str, str]]) -> None:
    everything = {name: category(name) for name in "abcdef"}
    for name, parent in moves:
        moved = category(name, parent or None)
        if code(moved, list(everything.values())) is None:
            everything[name] = moved
    for placed in everything.values():
        above, at = [], placed.parent
        while at is not None:
            above.append(at)
            assert len(above) < 4, moves
            at = everything[at].parent
