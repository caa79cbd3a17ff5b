"""Acts of the staff that tests record, and the pages that list them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet
from tests.api import Api, new_key, token

ACTOR = audit.Actor(
    "mbr_staff", frozenset({"member", "ops"}), "203.0.113.7", "req-1", "Firefox/144.0"
)


def an_act(subject: str | None = None, at: datetime | None = None, **other: Any) -> audit.Act:
    act = audit.Act(
        id=ids.derived_id("act", new_key()),
        action="account.freeze",
        subject=subject or ids.new_id("mbr"),
        actor=ACTOR,
        at_ms=clock.to_ms(at or clock.now()),
        reason="盗号申诉",
    )
    return replace(act, **other).changing({"status": "active"}, {"status": "frozen"})


def recorded(act: audit.Act) -> audit.Act:
    writes = WriteSet()
    audit.record(writes, act)
    writes.commit()
    return act


def pages(api: Api, query: str, role: str, until: str | None = None) -> list[list[str]]:
    """The ids on each page of a list, followed to its end, or to the page with an act."""
    as_, seen, cursor = token("mbr_staff", role), [], ""
    while cursor is not None:
        following = f"&cursor={cursor}" if cursor else ""
        found = api.get(f"/v1/admin/audit?{query}{following}", as_=as_)
        assert found.status == 200, found.body
        seen.append([each["id"] for each in found.body["data"]])
        cursor = None if until in seen[-1] else found.body["next_cursor"]
    return seen
