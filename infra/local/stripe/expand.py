"""`expand[]`: ids in an answer become the objects that they name, four levels deep at most."""

from __future__ import annotations

from typing import Any

from infra.local.stripe.errors import WireError
from infra.local.stripe.forms import Params, words
from infra.local.stripe.lists import envelope
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

_DEEPEST = 4
_FIELDS = frozenset(
    {
        "balance_transaction",
        "charge",
        "failure_balance_transaction",
        "latest_charge",
        "payment_intent",
        "payment_method",
        "source",
        "transfer",
    }
)
_SUBLIST = 10
_BOOKED = ("charge", "transfer", "transfer_reversal")


def answer(provider: Provider, found: Object, params: Params) -> Object:
    """What a person who asked so gets.

    Raises WireError.
    """
    unbooked = provider.modes().unbooked
    _hide(found, unbooked)
    for path in words(params, "expand"):
        parts = path.split(".")
        if len(parts) > _DEEPEST:
            raise _refused(path)
        _expand(provider, found, parts, path, unbooked)
    return found


def _expand(provider: Provider, at: Any, parts: list[str], path: str, unbooked: bool) -> None:
    if isinstance(at, list):
        for each in at:
            _expand(provider, each, parts, path, unbooked)
    elif parts and at is not None:
        _hide(at, unbooked)
        at[parts[0]] = _value(provider, at, parts[0], path)
        _hide(at[parts[0]], unbooked)
        if not isinstance(at[parts[0]], str):
            _expand(provider, at[parts[0]], parts[1:], path, unbooked)


def _value(provider: Provider, at: Object, name: str, path: str) -> Any:
    """Raises WireError."""
    if name == "refunds" and at.get("object") == "charge":
        return at.get("refunds") or _refunds(provider, at["id"])
    found = at.get(name)
    if name in _FIELDS:
        return provider.store.any(found) or found if isinstance(found, str) else found
    if not isinstance(found, dict | list):
        raise _refused(path)
    return found


def _refunds(provider: Provider, charge: str) -> Object:
    found = provider.store.find("refund", {"charge": charge}, conditions=[], limit=_SUBLIST + 1)
    path = f"/v1/charges/{charge}/refunds"
    return envelope(found[:_SUBLIST], path, has_more=len(found) > _SUBLIST)


def _hide(found: Any, unbooked: bool) -> None:
    """While the books lag, what moves money does not name its line."""
    if unbooked and isinstance(found, dict) and found.get("object") in _BOOKED:
        found["balance_transaction"] = None


def _refused(path: str) -> WireError:
    return WireError(f"This property cannot be expanded ({path}).", kept=False)
