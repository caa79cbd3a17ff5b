"""Facts that become notices, as the relays publish them; names and ids at their longest."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec

from chalicelib.kernel.clock import machine_now, rfc3339_ms, to_ms
from chalicelib.kernel.store.facts import Fact
from chalicelib.ledger import EntryRecorded
from chalicelib.orders import OrderAwaitingReview
from infra.bench.mall import LONG_TITLE

_MOST = 10**9


def placed(member_id: str) -> Fact[Any]:
    """An order was placed, which its member is told by a text message, too."""
    order_id = f"ord_{secrets.token_hex(13)}"
    told = OrderAwaitingReview(
        member_id=member_id,
        order_id=order_id,
        status="awaiting_review",
        kind="physical",
        title=LONG_TITLE,
        lines=20,
        points=_MOST,
        cash=0,
        currency=None,
        unsettled=False,
        version=1,
    )
    return Fact.of(f"{order_id}:1", rfc3339_ms(to_ms(machine_now())), told)


def earned(member_id: str) -> Fact[Any]:
    """Points came in, which the inbox alone tells."""
    entry_id = f"ent_{secrets.token_hex(13)}"
    told = EntryRecorded(
        member_id=member_id,
        unit="points",
        entry_id=entry_id,
        seq=_MOST,
        type="accrual",
        points=_MOST,
        balance_after=_MOST,
        source="order:shop-1",
        reference="order_paid:shop-1",
        moved=_MOST,
    )
    return Fact.of(entry_id, rfc3339_ms(to_ms(machine_now())), told)


def queue_event(fact: Fact[Any]) -> dict[str, Any]:
    """An event of one message, as Lambda gives it to a consumer of a queue."""
    body = msgspec.json.encode(fact).decode()
    return {"Records": [{"messageId": "m0", "body": body, "eventSource": "aws:sqs"}]}
