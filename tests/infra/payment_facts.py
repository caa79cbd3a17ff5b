"""Facts of payments, as functions read them from their queues."""

from __future__ import annotations

from chalicelib.kernel.store.facts import Fact
from tests.api import new_key
from tests.facts import made

AT = "2026-11-22T08:00:00Z"


def news_of(intent_id: str) -> Fact:
    return fact_of("payment.news", type="x", about=intent_id, intent=intent_id, ours="")


def fact_of(type_: str, **data: object) -> Fact:
    return made(f"{type_}:{new_key()}", type_, AT, dict(data))
