"""Amounts in parts that sum to them exactly."""

from __future__ import annotations

from collections.abc import Sequence


def allocated(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in parts in proportion to the weights, by largest remainder; of equal remainders
    the first takes the unit.

    The parts sum to the amount, if a weight is above 0. None is above its weight, if the amount is
    not above their sum.
    """
    whole = sum(weights)
    if not whole or not amount:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    rest = amount - sum(parts)
    if rest:
        by_remainder = sorted(
            range(len(weights)), key=lambda at: amount * weights[at] % whole, reverse=True
        )
        for at in by_remainder[:rest]:
            parts[at] += 1
    return parts
