"""Links: whom shared devices join among those whom referrals join."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.risk.rules.links import linked

pytestmark = pytest.mark.pure

WHO = "me"
USED = st.dictionaries(
    st.sampled_from([WHO, *"abcdefgh"]), st.frozensets(st.integers(0, 6), max_size=3)
)


def test_friends_count_who_share_a_device_with_the_member() -> None:
    used = {WHO: {"x"}, "a": {"x", "y"}, "b": {"x"}, "c": {"z"}}
    assert linked(WHO, ["a", "b", "c"], used) == 2


def test_a_chain_of_devices_joins_its_ends() -> None:
    used = {WHO: {"1"}, "a": {"1", "2"}, "b": {"3", "2"}, "c": {"3"}}
    assert linked(WHO, ["a"], used) == 3


def test_who_keeps_their_own_device_clean_is_joined_by_friends_who_share_one() -> None:
    used = {WHO: {"mine"}, "a": {"x"}, "b": {"x"}, "c": {"x"}, "d": {"y"}}
    assert linked(WHO, ["a", "b", "c", "d"], used) == 3


def test_an_honest_friend_of_a_ring_is_not_joined_with_it() -> None:
    """Somebody invites six accounts of their own, and one true friend."""
    ring = {name: {"x"} for name in "abcdef"}
    used = {WHO: {"mine"}, "referrer": {"x"}, **ring}
    assert linked(WHO, [], used) == 0


def test_a_member_without_referrals_or_without_devices_is_joined_with_nobody() -> None:
    assert linked(WHO, [], {WHO: {"x"}}) == 0
    assert linked(WHO, ["a", "b"], {WHO: set(), "a": set(), "b": set()}) == 0
    assert linked(WHO, [], {}) == 0


@given(USED, st.lists(st.sampled_from("abcdefgh"), unique=True))
def test_links_are_those_of_plain_search(used: dict[str, frozenset[int]], own: list[str]) -> None:
    def reach(start: str) -> set[str]:
        found, edge = {start}, [start]
        while edge:
            at = used[edge.pop()]
            more = {other for other, uses in used.items() if uses & at} - found
            found |= more
            edge += more
        return found

    joined = {each for each in used if len(reach(each)) > 1}
    mine = reach(WHO) if WHO in used else set()
    assert linked(WHO, own, used) == len((mine | (joined & set(own))) - {WHO})
