"""The members of crowds in processes: ten for each unit that they want."""

from __future__ import annotations

import os

from tests.world import World

# JIFEN_CROWD_UNITS=100 does the same for longer.
UNITS = int(os.environ.get("JIFEN_CROWD_UNITS", "16"))
BUYERS_A_UNIT, PURSE = 10, 100_000


def gather(world: World, number: int = BUYERS_A_UNIT * UNITS) -> list[str]:
    """Members with points and an address."""
    members = [world.member(PURSE) for _ in range(number)]
    for member in members:
        world.address(member)
    return members
