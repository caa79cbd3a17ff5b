"""What risk keeps of a member, for the member."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.risk.queries.cases import find_case
from chalicelib.risk.rules.cases import STATES
from chalicelib.risk.rules.scores import STATUS_OF, in_words
from chalicelib.risk.tables import DEVICE, NETWORK, USE, UseItem, member_key


def export_of(member_id: str, language: str) -> dict[str, Iterable[Any]]:
    """Devices and networks that a member used, and their case with its reasons in words, for an
    export of all that is theirs."""
    used = UseItem.query(member_key(member_id), UseItem.sk.startswith(USE), consistent_read=True)
    return {"risk_uses": map(_use, used), "risk_case": _case(member_id, language)}


def _use(row: UseItem) -> dict[str, Any]:
    """A device is a keyed hash: what a client called itself is not kept."""
    partition, at = row.sk.removeprefix(USE), rfc3339_ms(row.at)
    if partition.startswith(DEVICE):
        return {"device": partition.removeprefix(DEVICE), "last_used_at": at}
    day, _, network = partition.removeprefix(NETWORK).partition("#")
    return {"network": network, "day": day, "last_used_at": at}


def _case(member_id: str, language: str) -> Iterator[dict[str, Any]]:
    case = find_case(member_id)
    if case is not None:
        yield {
            "state": case.state,
            "state_text": STATES[case.state].in_language(language),
            "level": case.level,
            "does": STATUS_OF[case.level],
            "score": case.score,
            "reasons": in_words(case.reasons, language),
            "opened_at": rfc3339_ms(case.opened_at_ms),
            "changed_at": rfc3339_ms(case.changed_at_ms),
        }
