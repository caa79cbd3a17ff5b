"""Digests of what callers send: they tell a retry from other content, across releases too.

A body grows: a member is added, a default changes, members change places. A digest covers
the members that were sent, so a retry across releases gets the first answer.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol, TypeVar, cast

import msgspec

from chalicelib.kernel import ids
from chalicelib.kernel.errors import IdempotencyKeyReused, NotJson
from chalicelib.kernel.first_bodies import FIRST_DEFAULTS


class Made(Protocol):
    """A record with the digest of the request that made it."""

    @property
    def content(self) -> bytes | None: ...


M = TypeVar("M", bound=Made)


def replay_of(found: M | None, content: bytes) -> M | None:
    """The record that an earlier try with the same key made, None without one.

    Raises IdempotencyKeyReused if that try asked for something else.
    """
    if found is not None and found.content != content:
        raise IdempotencyKeyReused()
    return found


def digest_of(body: Any, sent: bytes | msgspec.Raw) -> bytes:
    """The digest of a body as it was sent, typed, whatever the spelling of its JSON.

    Raises NotJson if it nests without end.
    """
    try:
        return ids.digest(content_of(body, sent))
    except RecursionError as error:
        raise NotJson() from error


def content_of(body: Any, sent: bytes | msgspec.Raw) -> bytes:
    """The body as JSON with sorted members: those that were sent.

    The digests of the first release held defaults. So each member that it had stands there, with
    the default of that release if nobody sent it. A null counts as not sent where null is the
    default. A body without any sent member counts as no body: its route may have taken none before.
    """
    if body is None:
        return b"null"
    plain = _plain(body, msgspec.json.decode(sent) if sent else {})
    if not plain and type(body).__name__ not in FIRST_DEFAULTS:
        return b"null"
    return msgspec.json.encode(plain, order="sorted")


def _plain(value: Any, sent: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return _members(value, sent)
    if isinstance(value, list | tuple):
        return [_plain(inner, given) for inner, given in zip(value, sent, strict=True)]
    if isinstance(value, str | dict):
        return sent  # and not as it is spelt once it was read
    return value


def _members(value: msgspec.Struct, sent: dict[str, Any]) -> dict[str, Any]:
    config = value.__struct_config__
    first = FIRST_DEFAULTS.get(type(value).__name__, {})
    made = {} if config.tag is None else {cast(str, config.tag_field): config.tag}
    for attribute, name, null_is_nothing in _fields(type(value)):
        given = sent.get(name)
        if name in sent and not (given is None and null_is_nothing):
            plain = _plain(getattr(value, attribute), given)
            if not (config.omit_defaults and name in first and plain == first[name]):
                made[name] = plain
        elif name in first and not config.omit_defaults:
            made[name] = first[name]
    return made


@cache
def _fields(kind: type[msgspec.Struct]) -> list[tuple[str, str, bool]]:
    """Each member's attribute, its name in JSON, and whether null is its default."""
    return [(f.name, f.encode_name, f.default is None) for f in msgspec.structs.fields(kind)]
