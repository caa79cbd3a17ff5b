"""Cursors: ours, for this list, for this owner, or refused."""

from __future__ import annotations

from functools import partial
from operator import attrgetter

import pytest

from chalicelib.kernel import ids
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import PageQuery, decode, encode, page
from chalicelib.kernel.errors import InvalidCursor
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.tables import Item

POSITION = {"pk": {"S": "MBR#mbr_1"}, "sk": {"S": "ENT#1"}}
SCOPE = "entries:mbr_1:accrual"


class Entry(Item):
    class Meta:
        table_name = config().table("campaigns")

    n = IntegerAttribute()


def test_a_cursor_gives_its_position_back() -> None:
    cursor = encode(SCOPE, POSITION)
    assert decode(SCOPE, cursor) == POSITION
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode(SCOPE, None) is None


@pytest.mark.parametrize(
    "scope", ["entries:mbr_2:accrual", "orders:mbr_1:accrual", "entries:mbr_1:", ""]
)
def test_a_cursor_of_another_list_owner_or_filter_is_refused(scope: str) -> None:
    with pytest.raises(InvalidCursor) as refused:
        decode(scope, encode(SCOPE, POSITION))
    assert refused.value.fields[0].field == "cursor"


@pytest.mark.parametrize("forged", ["", "x", "====", "积分", "null", "e30", "A" * 4096, "\ud800"])
def test_a_cursor_of_others_is_refused(forged: str) -> None:
    with pytest.raises(InvalidCursor):
        decode(SCOPE, forged)


@pytest.mark.parametrize("more", [" ", "\n", "!", "=", "=="])
def test_a_cursor_with_letters_that_base64_passes_over_is_refused(more: str) -> None:
    cursor = encode(SCOPE, POSITION)
    for changed in (cursor + more, more + cursor, cursor[:9] + more + cursor[9:]):
        with pytest.raises(InvalidCursor):
            decode(SCOPE, changed)


def test_every_single_changed_letter_is_refused() -> None:
    cursor = encode(SCOPE, POSITION)
    for at, letter in enumerate(cursor):
        changed = cursor[:at] + ("A" if letter != "A" else "B") + cursor[at + 1 :]
        with pytest.raises(InvalidCursor):
            decode(SCOPE, changed)


@pytest.mark.parametrize(("held", "pages"), [(0, [0]), (1, [1]), (4, [2, 2]), (5, [2, 2, 1])])
def test_cursors_lead_through_all_pages_to_the_end(
    engine: str, held: int, pages: list[int]
) -> None:
    owner = ids.new_id("own")
    for n in range(held):
        Entry(owner, f"ENTRY#{n}", n=n).save()

    seen: list[list[int]] = []
    cursor = None
    while not seen or cursor:
        asked = PageQuery(limit=2, cursor=cursor)
        found = page(owner, asked, partial(Entry.query, owner), attrgetter("n"))
        seen.append(found.data)
        cursor = found.next_cursor
    assert [len(data) for data in seen] == pages
    assert [n for data in seen for n in data] == list(range(held))
