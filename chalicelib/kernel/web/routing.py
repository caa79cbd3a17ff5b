"""Finds the route of a path, such as `/v1/orders/{id}`, among those behind one resource."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

# `make package` writes it into the archive: paths with the blueprints that have them.
INDEX = Path(__file__).with_name("routes.json")


class Router:
    """The paths of all routes, ready to be asked which of them a path belongs to."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Take the routes' paths; where two fit, the one with the longer fixed part wins."""
        self._by_length: dict[int, list[tuple[str, list[str]]]] = {}
        for path in sorted(paths, key=lambda each: each.replace("{", "\x7f")):
            parts = path.split("/")
            self._by_length.setdefault(len(parts), []).append((path, parts))

    def match(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The route's path and the values of its parameters; None when there is none.

        The path is decoded, as API Gateway hands it over. A last slash is nothing; a parameter is
        never empty.
        """
        asked = path.removesuffix("/").split("/")
        for known, parts in self._by_length.get(len(asked), ()):
            values: dict[str, str] = {}
            for part, value in zip(parts, asked, strict=True):
                if part.startswith("{") and value:
                    values[part[1:-1]] = value
                elif part != value:
                    break
            else:
                return known, values
        return None


@cache
def packaged(index: Path = INDEX) -> tuple[dict[str, list[str]], Router] | None:
    """The index of all routes and its router; None where no index is, as in a working copy."""
    if not index.exists():
        return None
    places: dict[str, list[str]] = msgspec.json.decode(index.read_bytes())
    return places, Router(places)
