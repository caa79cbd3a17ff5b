"""The audit: what the staff did, recorded in the transaction that did it."""

from chalicelib.audit.actions import act_of, actor_of, record, record_asked, record_read
from chalicelib.audit.errors import ActRecorded
from chalicelib.audit.queries import find_act
from chalicelib.audit.rules import Act, Actor, Facts

__all__ = [
    "Act",
    "ActRecorded",
    "Actor",
    "Facts",
    "act_of",
    "actor_of",
    "find_act",
    "record",
    "record_asked",
    "record_read",
]
