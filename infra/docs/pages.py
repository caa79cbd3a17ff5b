"""The end of docs/web.md: each route with the pages that call it, made from the sources of web/.

A route that no page calls has a reason here, else there is no document.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from infra.docs.openapi import openapi_text

WEB = Path(__file__).parents[2] / "web"
Call = tuple[str, str]

DOCUMENT = Path("docs/web.md")
_HEADING = "## Routes and their pages\n"
_HEAD = f"""{_HEADING}
Each route of the API, with the sources in `web/` that call it. `.venv/bin/python -m infra.docs`
makes this section from them. It refuses where a route has neither a page nor a reason in
`infra/docs/pages.py`.
"""
_METHODS = ("get", "post", "put", "patch", "delete")
_CALL = re.compile(r"\.(GET|POST|PUT|PATCH|DELETE)\(\s*[\"'](/[^\"']+)[\"']")
_PARAMETER = re.compile(r"\\\{.+?\\\}")
_WITHOUT: dict[str, str] = {
    "POST /v1/events": "Shops send it, signed.",
    "POST /v1/webhooks/stripe": "Stripe sends it, signed.",
    "GET /v1/me/payout-account": "Pages read the list, which answers for those without one, too.",
    "GET /v1/policies/{kind}/{version}": "Apps show an earlier version by it; pages show today's.",
    **dict.fromkeys(
        (
            "GET /v1/admin/audiences",
            "POST /v1/admin/audiences",
            "GET /v1/admin/audiences/{id}",
            "POST /v1/admin/audiences/{id}/evaluate",
        ),
        "Scripts of ops order segments and lists; the console has no page of them yet.",
    ),
    "GET /v1/health": "Load balancers and monitors ask it.",
    "GET /openapi.json": "Generators read it; the pages' types are made from it.",
    "GET /docs": "It is a page itself.",
    "GET /docs/{script}": "It belongs to the page of the document.",
    "GET /v1/admin/liability.svg": "For mails and documents; the console draws its own.",
}
_PARTNERS = "/v1/partner/"
_OF_PARTNERS = "Shops call it, signed."


class Unused(Exception):
    """Routes that have neither a page nor a reason."""


def with_page_table(written: str, web: Path = WEB) -> str:
    """The document: what people wrote, then the table.

    Raises Unused.
    """
    return written.partition(_HEADING)[0] + page_table(web)


def page_table(web: Path = WEB) -> str:
    """The section.

    Raises Unused.
    """
    users = _users(web)
    rows, unused = [], []
    for method, path in _routes(json.loads(openapi_text())):
        route = f"{method} {path}"
        if found := users.get((method, path)):
            rows.append(f"| `{route}` | {', '.join(f'`{each}`' for each in sorted(found))} |")
        elif reason := _reason(route, path):
            rows.append(f"| `{route}` | {reason} |")
        else:
            unused.append(route)
    if unused:
        raise Unused(f"no page and no reason: {', '.join(unused)}")
    return "\n".join([_HEAD, "| route | pages |", "|---|---|", *rows, ""])


def never_called(calls: Iterable[str], web: Path = WEB) -> list[str]:
    """The routes that pages call and that no line of `calls`, such as `GET /v1/me`, is of."""
    routes = list(_routes(json.loads(openapi_text())))
    made = {_route_of(routes, *line.split()) for line in set(calls)}
    users = _users(web)
    missed = users.keys() - made
    return [f"{method} {path}" for method, path in routes if (method, path) in missed]


def _route_of(routes: Iterable[Call], method: str, path: str) -> Call | None:
    """The route that a request is of; a path as it stands goes before one with a parameter."""
    if (method, path) in routes:
        return method, path
    fits = (each for each in routes if each[0] == method and _pattern(each[1]).fullmatch(path))
    return next(fits, None)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_PARAMETER.sub("[^/]+", re.escape(path)))


def _reason(route: str, path: str) -> str | None:
    return _OF_PARTNERS if path.startswith(_PARTNERS) else _WITHOUT.get(route)


def _routes(document: Mapping[str, Mapping[str, Mapping[str, object]]]) -> Iterator[Call]:
    for path, methods in document["paths"].items():
        yield from ((method.upper(), path) for method in _METHODS if method in methods)


def _users(web: Path) -> Mapping[Call, set[str]]:
    users: dict[Call, set[str]] = defaultdict(set)
    for source in _sources(web):
        text = source.read_text("utf-8")
        name = source.relative_to(web).as_posix().replace("/src/", "/", 1)
        for method, path in _CALL.findall(text):
            users[method, path].add(name)
    return users


def _sources(web: Path) -> Iterable[Path]:
    for part in ("shared", "mall", "console"):
        for kind in ("*.ts", "*.vue"):
            yield from (web / part / "src").rglob(kind)
