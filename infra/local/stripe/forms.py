"""Form-encoded parameters: nested keys (`a[b][0]=c`) read into dicts and lists, then into types."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl

from infra.local.stripe.errors import invalid

Params = Mapping[str, Any]

_PART = re.compile(r"\[([^\[\]]*)\]")
LARGEST_AMOUNT = 99_999_999
ALWAYS = frozenset({"expand"})
LISTING = frozenset({"limit", "starting_after", "ending_before", "created"})


def decode(text: str) -> dict[str, Any]:
    """Read `a[b]=1&c[]=2&d[0]=3`: {"a": {"b": "1"}, "c": ["2"], "d": ["3"]}.

    Raises WireError.
    """
    found: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        name, parts = key.split("[", 1)[0], _PART.findall(key)
        at = found
        for part in [name, *parts][:-1]:
            at = at.setdefault(part, {})
            if not isinstance(at, dict):
                raise invalid(f"Invalid hash: {name}", "parameter_invalid_string_blank", name)
        last = parts[-1] if parts else name
        at[last or str(len(at))] = value
    return {name: _lists(value) for name, value in found.items()}


def _lists(value: Any) -> Any:
    """A dict whose keys are 0, 1, 2 … is a list."""
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(each) for name, each in value.items()}
    if list(inner) == [str(position) for position in range(len(inner))]:
        return list(inner.values())
    return inner


def refuse_unknown(params: Params, known: Collection[str]) -> None:
    """Raises WireError."""
    for name in params:
        if name not in known and name not in ALWAYS:
            raise invalid(f"Received unknown parameter: {name}", "parameter_unknown", name)


def text(params: Params, name: str) -> str:
    """Raises WireError."""
    value = params.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"Missing required param: {name}.", "parameter_missing", name)
    return value


def integer(params: Params, name: str, default: int | None = None) -> int:
    """Raises WireError."""
    if name not in params and default is not None:
        return default
    value = text(params, name)
    if not re.fullmatch(r"-?\d{1,18}", value):
        raise invalid(f"Invalid integer: {value}", "parameter_invalid_integer", name)
    return int(value)


def amount(params: Params, default: int | None = None) -> int:
    """A positive amount of minor units.

    Raises WireError.
    """
    found = integer(params, "amount", default)
    if found < 1:
        message = "This value must be greater than or equal to 1."
        raise invalid(message, "parameter_invalid_integer", "amount")
    if found > LARGEST_AMOUNT:
        raise invalid("Amount must be no more than 999,999.99", "amount_too_large", "amount")
    return found


def flag(params: Params, name: str) -> bool:
    """Raises WireError."""
    value = params.get(name, "false")
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", "parameter_invalid_string_empty", name)
    return bool(value == "true")


def metadata(params: Params, before: Params | None = None) -> dict[str, str]:
    """The old metadata with the given changes; an empty value removes its key.

    Raises WireError.
    """
    given = params.get("metadata", {})
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        raise invalid("Invalid hash", "parameter_invalid_string_blank", "metadata")
    return {name: value for name, value in {**(before or {}), **given}.items() if value}


CURRENCIES = frozenset({"cny", "usd", "eur", "gbp", "hkd", "jpy", "sgd"})


def currency(params: Params) -> str:
    """Raises WireError."""
    found = text(params, "currency").lower()
    if found not in CURRENCIES:
        raise invalid(f"Invalid currency: {found}.", "parameter_invalid_empty", "currency")
    return found


def words(params: Params, name: str) -> list[str]:
    """A list of texts, empty if there is none.

    Raises WireError.
    """
    found = params.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise invalid("Invalid array", "parameter_invalid_string_blank", name)
    return found
