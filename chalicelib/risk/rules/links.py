"""Links between members whom referrals join: one device, or one network, used by several."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def linked(member_id: str, friends: Collection[str], used: Mapping[str, Collection[str]]) -> int:
    """How many others are joined with a member by what they use.

    `used` names the devices, or the networks, of each member of the family: those whom referrals
    join with the member, and the member. Others count who use what the member uses, or what another
    who counts uses. Of the member's own `friends` those count, too, who are joined with anybody.
    """
    groups = _groups(used)
    joined = set().union(*(group for group in groups if len(group) > 1))
    own = next((group for group in groups if member_id in group), set())
    return len((own | (joined & set(friends))) - {member_id})


def _groups(used: Mapping[str, Collection[str]]) -> list[set[str]]:
    """Members, together with all whom a chain of shared uses joins with them."""
    groups: list[tuple[set[str], set[str]]] = []
    for member_id, uses in used.items():
        joined, all_uses = {member_id}, set(uses)
        apart = []
        for members, known in groups:
            if known & all_uses:
                joined |= members
                all_uses |= known
            else:
                apart.append((members, known))
        groups = [*apart, (joined, all_uses)]
    return [members for members, _ in groups]
