"""A shop's till in tests: it places holds, ends them, and looks at them."""

from __future__ import annotations

from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import WriteSet
from tests.api import Answer, new_key
from tests.earning.shop import account_of
from tests.world import World

HOLDS = "/v1/partner/holds"


def asked(member: str, points: int = 300, **other: Any) -> dict[str, Any]:
    return {
        "id": f"till-3:{new_key()}",
        "member": {"member_id": member},
        "points": points,
        "expires_in_seconds": 900,
        **other,
    }


def place(world: World, hold: Any, **signing: Any) -> Answer:
    return world.partner("POST", HOLDS, hold, **signing)


def end(world: World, hold: Any, act: str, body: Any = None, **signing: Any) -> Answer:
    if act == "capture" and body is None:
        body = {}
    return world.partner("POST", f"{HOLDS}/{hold['id']}/{act}", body, **signing)


def show(world: World, hold: Any, **signing: Any) -> Answer:
    return world.partner("GET", f"{HOLDS}/{hold['id']}", **signing)


def state(member: str) -> tuple[int, int]:
    account = account_of(member)
    return account.available(clock.to_ms(clock.now())), account.held


def replayed(answer: Answer) -> bool:
    return answer.headers.get("Idempotent-Replayed") == "true"


def freeze(member: str) -> None:
    writes = WriteSet()
    ledger.set_status(writes, member, ledger.FROZEN, clock.now())
    writes.commit()
