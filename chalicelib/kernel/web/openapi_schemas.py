"""The component schemas of the OpenAPI document, such that generators make good types of them.

A field of a request that may be left out is optional and has no `default`: openapi-typescript takes
a field with a default for one that is always there. A field of an answer is required, whatever its
default, unless its type leaves defaults out. A type that is sent and given, and differs by that,
has two components: `Price` as it is given, `PriceIn` as it is sent.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from chalicelib.kernel.web.http import Problem, Route

Json = dict[str, Any]

SCHEMAS = "#/components/schemas/"
DEFAULT = "Default: "
_NO_NUL = r"^[^\x00]*$"
_NARROWED = {"pattern", "enum", "const", "format"}
_GENERIC = re.compile(r"(\w+?)_(\w+)_")
_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")


class Ambiguous(ValueError):
    """Two types or operations would stand in the document under one name."""


class Schemas:
    """JSON Schemas of every type of the routes, made together so that names are told apart."""

    def __init__(self, routes: Sequence[Route]) -> None:
        sent = _each_once(kind for route in routes for kind in each(route.body))
        given = _each_once(kind for route in routes for kind in each(route.answer))
        given = _each_once([*given, Problem])
        check_names([*sent, *given])
        self._sent, requests = _components(sent)
        self._given, answers = _components(given)
        sparse = {name for name, kind in _structs(given) if kind.__struct_config__.omit_defaults}
        for schema in requests.values():
            _of_request(schema)
        for name, schema in answers.items():
            _of_answer(schema, is_sparse=name in sparse)
        apart = _different(requests, answers)
        _rename(requests, {name: f"{name}In" for name in apart})
        _rename(list(self._sent.values()), {name: f"{name}In" for name in apart})
        doubled = {f"{name}In" for name in apart} & {*requests, *answers}
        if doubled:
            raise Ambiguous(f"as sent and as given: {', '.join(sorted(doubled))}")
        renamed = {f"{name}In" if name in apart else name: requests[name] for name in requests}
        self.components: Json = {
            name: {**schema, "title": name}
            for name, schema in sorted({**answers, **renamed}.items())
        }

    def sent(self, body: Any) -> Json:
        """The schema of a request's body."""
        return _choice([self._sent[repr(kind)] for kind in each(body)])

    def given(self, answer: Any) -> Json:
        """The schema of an answer."""
        return _choice([self._given[repr(kind)] for kind in each(answer)])


def each(body: Any) -> tuple[Any, ...]:
    """The types that a body may have: a tuple means one of them, None that there is none."""
    if body is None:
        return ()
    return body if isinstance(body, tuple) else (body,)


def check_names(kinds: Sequence[Any]) -> None:
    """Raises Ambiguous if msgspec would tell two types apart by their modules."""
    _, named = msgspec.json.schema_components(kinds, ref_template=SCHEMAS + "{name}")
    if odd := sorted(name for name in named if not _NAME.fullmatch(_plain_name(name))):
        raise Ambiguous(f"rename one of the types {', '.join(odd)}")


def exclude_nul(schema: Any) -> None:
    """Add to text without a pattern the rule of `check_values`: no NUL."""
    for inner in _schemas_in(schema):
        if inner.get("type") == "string" and not _NARROWED & inner.keys():
            inner["pattern"] = _NO_NUL
        if "propertyNames" in inner:
            inner["propertyNames"].setdefault("pattern", _NO_NUL)


def without_null(schema: Json) -> Json:
    """The schema of what is left out where it would be null, and has no default then."""
    kept = {k: v for k, v in schema.items() if not (k == "default" and v is None)}
    if "anyOf" not in kept:
        return kept
    rest = [choice for choice in kept.pop("anyOf") if choice != {"type": "null"}]
    return {**rest[0], **kept} if len(rest) == 1 else {"anyOf": rest, **kept}


def _each_once(kinds: Any) -> list[Any]:
    return list({repr(kind): kind for kind in kinds}.values())


def _choice(found: list[Json]) -> Json:
    return found[0] if len(found) == 1 else {"oneOf": found}


def _components(kinds: Sequence[Any]) -> tuple[dict[str, Json], Json]:
    """Schemas by the repr of their type, and the components that they refer to."""
    found, components = msgspec.json.schema_components(kinds, ref_template=SCHEMAS + "{name}")
    _rename([list(found), components], {name: _plain_name(name) for name in components})
    plain = {_plain_name(name): schema for name, schema in components.items()}
    for schema in _schemas_in(plain):
        if isinstance(schema.get("description"), str):
            schema["description"] = flowing(schema["description"])
        if all(isinstance(value, str) for value in schema.get("enum", [None])):
            schema.setdefault("type", "string")
    return dict(zip(map(repr, kinds), found, strict=True)), plain


def flowing(text: str) -> str:
    """A docstring as Markdown: its paragraphs, each on one line."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)


def _plain_name(name: str) -> str:
    """`OrderViewPage` of msgspec's `Page_OrderView_`."""
    found = _GENERIC.fullmatch(name)
    return found[2] + found[1] if found else name


def _of_request(schema: Json) -> None:
    exclude_nul(schema)
    for name, field in schema.get("properties", {}).items():
        default = field.pop("default", None)
        if isinstance(default, str | int) and default != "" and name not in schema["required"]:
            told = f"{DEFAULT}`{default if isinstance(default, str) else json.dumps(default)}`"
            field["description"] = "\n\n".join(filter(None, [field.get("description"), told]))


def _of_answer(schema: Json, *, is_sparse: bool) -> None:
    # A type that is sent as well refuses unknown fields there; an answer may gain some.
    properties = schema.get("properties", {})
    if properties:
        schema.pop("additionalProperties", None)
    for name, field in properties.items():
        kept = without_null(field) if is_sparse and name not in schema["required"] else field
        properties[name] = {key: value for key, value in kept.items() if key != "default"}
    if properties and not is_sparse:
        schema["required"] = list(properties)


def _different(requests: Json, answers: Json) -> set[str]:
    """Components that are sent otherwise than given, or refer to one that is."""
    shared = requests.keys() & answers.keys()
    apart = {name for name in shared if _required(requests[name]) != _required(answers[name])}
    while True:
        more = {name for name in shared - apart if apart & set(_references(answers[name]))}
        if not more:
            return apart
        apart |= more


def _required(schema: Json) -> set[str]:
    return set(schema.get("required", ()))


def _references(schema: Any) -> Iterator[str]:
    for inner in _schemas_in(schema):
        if isinstance(inner.get("$ref"), str):
            yield inner["$ref"].removeprefix(SCHEMAS)


def _rename(schemas: Any, names: dict[str, str]) -> None:
    """Let every reference name the component by its new name."""
    new = {SCHEMAS + old: SCHEMAS + name for old, name in names.items()}
    for inner in _schemas_in(schemas):
        if inner.get("$ref") in new:
            inner["$ref"] = new[inner["$ref"]]
        mapping = inner.get("discriminator", {}).get("mapping", {})
        mapping.update({tag: new.get(target, target) for tag, target in mapping.items()})


def _schemas_in(value: Any) -> Iterator[Json]:
    """Every object inside, whichever of them are schemas."""
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _schemas_in(inner)
    elif isinstance(value, dict):
        yield value
        for inner in list(value.values()):
            yield from _schemas_in(inner)


def _structs(kinds: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """The structs that these types are made of, by name."""
    waiting: list[Any] = list(msgspec.inspect.multi_type_info(kinds))
    seen: set[int] = set()
    while waiting:
        found = waiting.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        if isinstance(found, msgspec.inspect.StructType):
            kind = getattr(found.cls, "__origin__", found.cls)
            yield kind.__name__, kind
            waiting += [field.type for field in found.fields]
            continue
        for name in ("type", "item_type", "key_type", "value_type"):
            waiting += [getattr(found, name)] if hasattr(found, name) else []
        for name in ("types", "item_types"):
            waiting += getattr(found, name, ())
