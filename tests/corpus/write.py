"""Adds today's items and messages to a release's corpus: `python -m tests.corpus.write <release>`.

The tests of all contexts run on the engine; one item of each shape that they write is kept, the
messages that relays make of them, and the digests of each route's bodies. Lines that a release
has stay as they are: once it is out, only a new release gets new lines.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests import conftest
from tests.corpus.bodies import bodied_routes, bodies_of, read
from tests.corpus.recording import MOST_SHAPES, Recorder, fact_lines, shape_of_item

HERE = Path(__file__).parent
TESTS = HERE.parent
CONTEXTS = tuple(
    sorted(
        path.parent.name
        for path in (TESTS.parent / "chalicelib").glob("*/__init__.py")
        if path.parent.name != "kernel"
    )
)
NO_BODY = "POST /v1/orders/{id}/cancel"


def release(name: str) -> str:
    """Raises ArgumentTypeError unless it is the name of a release."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", name, re.ASCII):
        raise argparse.ArgumentTypeError(f"a release is called like 0.2.0, not {name}")
    return name


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.corpus.write",
        description="Add today's items, messages and bodies to the corpus of the next release.",
    )
    parser.add_argument("release", type=release, help="such as 0.2.0")
    parser.add_argument("tests", nargs="*", help="run these only (default: those of all contexts)")
    options = parser.parse_args(arguments)
    folder = HERE / options.release
    folder.mkdir(exist_ok=True)
    recorder = Recorder()
    scenes = options.tests or [str(TESTS / name) for name in CONTEXTS]
    failed = pytest.main(["-q", "-n0", "-p", "no:cacheprovider", *scenes], plugins=[recorder])
    _stage_keys()
    items = _items(recorder)
    for table, image in items:
        for fact in _told(table, image):
            recorder.tell(fact)
    _add(folder / "items.jsonl", _fewest(items), _item_key)
    _add(folder / "messages.jsonl", fact_lines(recorder.messages), _message_key)
    _add(folder / "digests.jsonl", _digests(), lambda line: json.dumps(line, sort_keys=True))
    _add_routes(folder / "keyed_routes.txt")
    _write_defaults(folder)
    return int(failed)


def _write_defaults(folder: Path) -> None:
    """Write what this release reads where its own items, or earlier ones, leave a field out."""
    from tests.corpus.defaults import FILE, defaults_read

    (folder / FILE).write_text("".join(f"{line}\n" for line in defaults_read()), "utf-8")


def _add_routes(path: Path) -> None:
    """The routes that take a key, those of the release and today's."""
    from chalicelib.kernel.web.http import ROUTES

    known = set(path.read_text("utf-8").splitlines() if path.exists() else ())
    known |= {f"{each.method} {each.path}" for each in ROUTES if each.key is not None}
    path.write_text("".join(f"{each}\n" for each in sorted(known)), "utf-8")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _stage_keys() -> None:
    from chalicelib.kernel import secrets

    secrets._secret = conftest.SECRETS.__getitem__


def _items(recorder: Recorder) -> list[tuple[str, dict[str, Any]]]:
    """The readable written items: some tests spoil items."""
    from infra.cli.records import kind_of
    from tests.corpus.reading import opened

    found, spoilt = [], Counter[str]()
    for (table, _), image in sorted(recorder.items.items()):
        try:
            opened(table, image)
            found.append((table, image))
        except Exception as error:
            kind = kind_of(table, image)
            spoilt[f"{table} {kind.__name__ if kind else '?'} {type(error).__name__}"] += 1
    _say(f"left out, as they cannot be read: {dict(spoilt)}")
    return found


def _told(table: str, image: dict[str, Any]) -> list[Any]:
    """The messages that the table's relay makes of a new item."""
    from tests.corpus.reading import RELAYS, Change

    if table not in RELAYS:
        return []
    try:
        return list(RELAYS[table](Change("1", None, image)))
    except Exception as error:
        _say(f"no message: {table} {image['sk']['S']}: {type(error).__name__} {error}")
        return []


def _fewest(items: list[tuple[str, dict[str, Any]]]) -> Iterable[str]:
    """Some MOST_SHAPES of each class, spread over its shapes, with each attribute in one."""
    from infra.cli.records import kind_of

    by_class: dict[Any, list[tuple[str, dict[str, Any]]]] = {}
    for table, image in items:
        by_class.setdefault(kind_of(table, image), []).append((table, image))
    for found in by_class.values():
        step, seen = -(-len(found) // MOST_SHAPES), set[str]()
        for number, (table, image) in enumerate(found):
            if number % step == 0 or not seen >= set(image):
                seen |= set(image)
                line = {"table": table, "item": image}
                yield json.dumps(line, ensure_ascii=False, sort_keys=True)


def _digests() -> Iterable[str]:
    from chalicelib.kernel.digests import digest_of

    yield json.dumps({"route": NO_BODY, "body": None, "digest": digest_of(None, b"").hex()})
    for name, route, kind in bodied_routes():
        for body in bodies_of(name, route):
            typed = read(body, kind)
            # A null that is a default today may be none tomorrow: it tells two things.
            if typed is not None and not _has_null(body):
                digest = digest_of(typed, msgspec.json.encode(body)).hex()
                line = {"route": name, "body": body, "digest": digest}
                yield json.dumps(line, ensure_ascii=False)


def _has_null(body: Any) -> bool:
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return body is None or any(map(_has_null, inner))


def _add(path: Path, lines: Iterable[str], key: Any) -> None:
    """Add the lines whose key the file does not have."""
    kept = path.read_text("utf-8").splitlines() if path.exists() else []
    known = {key(json.loads(line)) for line in kept}
    for line in lines:
        if (name := key(json.loads(line))) not in known:
            known.add(name)
            kept.append(json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":")))
    path.write_text("".join(f"{line}\n" for line in kept), "utf-8")
    _say(f"{path}: {len(kept)} lines")


def _item_key(line: dict[str, Any]) -> str:
    return f"{line['table']} {shape_of_item(line['item'])}"


def _message_key(line: dict[str, Any]) -> str:
    from tests.corpus.recording import _shape

    return f"{line['type']} {_shape(line['data'])}"


if __name__ == "__main__":
    sys.exit(main())
