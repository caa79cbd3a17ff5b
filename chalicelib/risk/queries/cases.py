"""Reads of cases, and of the members to assess."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import or_not_found
from chalicelib.risk.rules.cases import Case
from chalicelib.risk.tables import (
    CASE,
    DueItem,
    RiskCaseItem,
    RiskItem,
    due_shards,
    list_of,
    member_key,
)


def find_case(member_id: str) -> Case | None:
    return RiskCaseItem.find_value(member_key(member_id), CASE)


def get_case(member_id: str) -> Case:
    """Raises NotFound."""
    return or_not_found(find_case(member_id))


def list_cases(state: str, asked: PageQuery) -> Page[Case]:
    """A page of the cases in a state, the gravest first.

    Raises InvalidCursor.
    """
    query = partial(RiskItem.listed.query, list_of(state), scan_index_forward=False)
    found = page(f"risk_cases|{state}", asked, query, lambda item: (item.pk, item.sk))
    items = {item.pk: item for item in RiskCaseItem.batch_get(found.data)}
    return Page([items[pk].value() for pk, _ in found.data if pk in items], found.next_cursor)


def due_members(now_s: int) -> Iterator[str]:
    """The members to assess by now."""
    for shard in due_shards():
        for item in RiskItem.due.query(shard, RiskItem.due_at <= now_s):
            yield item.pk.removeprefix("MBR#")


def find_due(member_id: str) -> DueItem | None:
    key = DueItem.key(member_id)
    found: DueItem | None = DueItem.find(key.pk, key.sk)
    return found
