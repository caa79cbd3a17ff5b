"""How the provider behaves, well by default: set over `POST /_wire/modes`, kept over restarts."""

from __future__ import annotations

from typing import Literal

import msgspec


class Modes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`down`: connections end at once, or every answer is a 500; nothing is done either way.
    `slow_ms`: how long each answer takes. `lose_answers`: of so many of the next writes the effect
    stands and the answer never comes. `unbooked`: charges, transfers and reversals have no balance
    transaction yet. `refunds_pend`: new refunds wait for `/_wire/refunds/…`.

    Of webhooks: `copies` of each delivery; `twins`: two Event objects for one fact; `shuffled` and
    `late_s`: each comes at random within two seconds, or so much later on the provider's clock;
    `held`: none leaves before `/_wire/deliveries/release`. `seed` decides what is random.
    """

    down: Literal["unreachable", "failing"] | None = None
    slow_ms: int = 0
    lose_answers: int = 0
    unbooked: bool = False
    refunds_pend: bool = False
    copies: int = 1
    twins: bool = False
    shuffled: bool = False
    late_s: int = 0
    held: bool = False
    seed: int = 0
