"""What an erased member leaves in earning: partners' facts go, events keep ids and amounts."""

from __future__ import annotations

from chalicelib.earning.tables.people import MemberFactsItem
from chalicelib.kernel.store.writes import delete_each


def erase_of(member_id: str) -> None:
    """Delete what partners told of a member. Safe to repeat."""
    delete_each([MemberFactsItem(*MemberFactsItem.key(member_id))])
