"""Items that name the events of each day, in the order of their recording.

pk DAY#<yyyy-mm-dd>    sk <number in the stream>
"""

from __future__ import annotations

import msgspec

from chalicelib.earning.tables.events import EarningItem
from chalicelib.kernel.store.attributes import StructAttribute


class EventName(msgspec.Struct, frozen=True, array_like=True):
    """A partner's event, which its record tells all of."""

    partner: str
    event_id: str


class EventDayItem(EarningItem):
    """Events of a program day, by the time when they occurred: those of one batch of the stream.

    A batch that comes again in other parts names some events twice.
    """

    events = StructAttribute[list[EventName]](list[EventName])

    @staticmethod
    def key(day: str, number: str) -> tuple[str, str]:
        return f"DAY#{day}", number.rjust(40, "0")
