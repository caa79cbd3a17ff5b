"""What settings are made of, and the sections that `kernel/config.py` has no room for."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class MissingSetting(RuntimeError):
    """A setting that this function needs is not in its environment."""


def about(effect: str) -> Meta:
    """The effect of a setting, as docs/settings.md tells it."""
    return Meta(description=effect)


def count(effect: str) -> Meta:
    """The same, for a count or an amount."""
    return Meta(ge=0, description=effect)


def variable_of(name: str) -> str:
    """The environment variable that a setting is read from."""
    return f"JIFEN_{name.upper()}"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one context. Counts and amounts are never below 0."""

    def required(self, name: str) -> str:
        """The value of a setting that may be empty elsewhere but not here.

        Raises MissingSetting.
        """
        value: str = getattr(self, name)
        if not value:
            raise MissingSetting(f"{variable_of(name)} is not set")
        return value


class Returns(Settings, frozen=True):
    return_window_days: Annotated[
        int, count("days after delivery in which a member may ask for a return")
    ] = 15
    return_decision_days: Annotated[
        int, count("days in which the staff decides about a return: then it counts as approved")
    ] = 3
    return_sending_days: Annotated[
        int, count("days in which a member sends the goods back: then the return is withdrawn")
    ] = 7
    return_receipt_days: Annotated[
        int,
        count("days in which the staff records goods that were sent back: then they are refunded"),
    ] = 10
    return_finish_days: Annotated[
        int,
        count(
            "days in which the rest of a return may come, and the replacement of an exchange is "
            "shipped: then a return is closed, and an exchange refunded"
        ),
    ] = 7
    return_address: Annotated[
        str,
        about(
            "where members send goods back, unless the staff says otherwise. Without it no return "
            "is approved by the end of its time alone, and the sweep fails"
        ),
    ] = ""
    returned_freight: Annotated[
        bool,
        about("whether freight goes back with the last units of an order, if they are returned"),
    ] = True
