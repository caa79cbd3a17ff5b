"""Filter policies: the messages of a topic that a subscription wants, by their attributes.

Source: Amazon SNS Developer Guide, "String value matching", "Key matching" and "Filter policy
constraints"; of its rules, those that the template uses: a text, `anything-but` texts, `exists`.
"""

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

import msgspec

from infra.local.messaging.bodies import Attribute, Attributes
from infra.local.messaging.refusals import bad_topic_parameter

MOST_KEYS, MOST_COMBINATIONS = 5, 150
BY_ATTRIBUTES = "MessageAttributes"
# SNS does not compare binary attributes.
_COMPARED = {"String", "String.Array", "Number"}


class Condition(NamedTuple):
    """The rules of one attribute, of which one must hold: its text is one of `texts`, or is none
    of a set in `others`, or its presence is in `presence`."""

    texts: frozenset[str]
    others: tuple[frozenset[str], ...]
    presence: frozenset[bool]

    def holds(self, found: Attribute | None) -> bool:
        is_there = found is not None and found["DataType"] in _COMPARED
        if is_there in self.presence:
            return True
        if found is None or found["DataType"] != "String":
            return False
        text = found.get("StringValue")
        return text in self.texts or any(text not in each for each in self.others)


class Policy(NamedTuple):
    """The condition of each attribute, of which all must hold."""

    conditions: Mapping[str, Condition]

    def passes(self, attributes: Attributes) -> bool:
        """Whether a message with these attributes is wanted.

        One without any attribute passes no condition, `exists: false` neither.
        """
        if not self.conditions:
            return True
        return bool(attributes) and all(
            each.holds(attributes.get(name)) for name, each in self.conditions.items()
        )


def policy_of(settings: Mapping[str, str]) -> Policy:
    """The filter policy in a subscription's attributes; without one, everything passes.

    Raises Refused for a policy that SNS refuses, and for rules that this machine does not know.
    """
    if settings.get("FilterPolicyScope", BY_ATTRIBUTES) != BY_ATTRIBUTES:
        raise bad_topic_parameter(f"FilterPolicyScope: only {BY_ATTRIBUTES} on this machine")
    try:
        written = msgspec.json.decode(settings.get("FilterPolicy", "{}"), type=dict[str, list[Any]])
        policy = Policy({name: _condition(rules) for name, rules in written.items()})
    except (msgspec.MsgspecError, ValueError) as error:
        raise bad_topic_parameter(f"FilterPolicy: {error}") from error
    if len(policy.conditions) > MOST_KEYS:
        raise bad_topic_parameter(f"FilterPolicy: more than {MOST_KEYS} keys")
    if prod(map(_values, policy.conditions.values())) > MOST_COMBINATIONS:
        raise bad_topic_parameter("FilterPolicy: too complex")
    return policy


def _condition(rules: list[Any]) -> Condition:
    """Raises ValueError, msgspec.ValidationError."""
    if not rules:
        raise ValueError("empty arrays are not allowed")
    texts, others, presence = set[str](), list[frozenset[str]](), set[bool]()
    for rule in rules:
        match rule:
            case str():
                texts.add(rule)
            case {"anything-but": str(text), **rest} if not rest:
                others.append(frozenset([text]))
            case {"anything-but": [_, *_] as listed, **rest} if not rest:
                others.append(frozenset(msgspec.convert(listed, list[str])))
            case {"exists": bool(expected), **rest} if not rest:
                presence.add(expected)
            case _:
                raise ValueError(f"this machine does not know the rule {rule}")
    return Condition(frozenset(texts), tuple(others), frozenset(presence))


def _values(condition: Condition) -> int:
    """Values of a condition. SNS's guide is silent on a list in `anything-but`, so each counts."""
    return len(condition.texts) + sum(map(len, condition.others)) + len(condition.presence)
