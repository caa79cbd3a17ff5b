"""The patterns of FilterCriteria: a stream hands a function the records that match.

Source: AWS Lambda, "Control which events Lambda sends to your function"; of its rules, those that
the template uses: equality and `prefix`.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Pattern = Mapping[str, Any]


def patterns(settings: Mapping[str, Any]) -> tuple[Pattern, ...]:
    """The patterns of an event source's settings; none lets everything through."""
    written = settings.get("FilterCriteria", {}).get("Filters", [])
    return tuple(json.loads(each["Pattern"]) for each in written)


def passes(wanted: Sequence[Pattern], record: Mapping[str, Any]) -> bool:
    """Whether a record fits at least one of the patterns, or there are none."""
    return not wanted or any(_fits(each, record) for each in wanted)


def _fits(pattern: Pattern, found: Any) -> bool:
    return isinstance(found, Mapping) and all(
        _fits(rule, found.get(name))
        if isinstance(rule, Mapping)
        else _is_one(rule, found.get(name))
        for name, rule in pattern.items()
    )


def _is_one(rules: Sequence[Any], value: Any) -> bool:
    return any(_holds(rule, value) for rule in rules)


def _holds(rule: Any, value: Any) -> bool:
    """Raises ValueError for an unknown rule."""
    if not isinstance(rule, Mapping):
        return bool(rule == value)
    if set(rule) != {"prefix"}:
        raise ValueError(f"the local stack knows no filter by {sorted(rule)}")
    return isinstance(value, str) and value.startswith(rule["prefix"])
