"""The table of every error code that a caller may be told, read from the classes."""

from __future__ import annotations

import ast
import os
import pkgutil
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.kernel.errors import JifenError

ROOT = Path(__file__).parents[2]

HEADING = """\
# Errors

Made from the code by `.venv/bin/python -m infra.docs`: do not edit. Answers are RFC 9457 problem
details (`application/problem+json`) with `type`, `title`, `status`, `code`, `detail`,
`request_id` and `errors` (`[{"field", "code", "message"}]`, empty unless fields are wrong).
`code` is stable; `title` and `detail` follow `Accept-Language` (`zh-CN`, also when silent, or
`en`). The facts of an error stand beside these members. A 429 and a 503 carry `Retry-After` in
seconds; after a 503, a retry with the same key is safe: it answers with the first result, or does
what was not done.

| status | code | 中文 | English | facts |
|---|---|---|---|---|
"""


def error_kinds() -> list[type[JifenError]]:
    """Every error of the tree with a code of its own, by status and code."""
    os.environ.setdefault("JIFEN_STAGE", "dev")
    import chalicelib
    from chalicelib.kernel.errors import JifenError, Moved
    from chalicelib.kernel.web.http import status_of

    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        if module.name.split(".")[2:3] == ["errors"]:
            import_module(module.name)
    found: set[type[JifenError]] = set()
    waiting = [JifenError]
    while waiting:
        below = [kind for kind in waiting.pop().__subclasses__() if not issubclass(kind, Moved)]
        waiting += below
        found.update(below)
    ours = {kind for kind in found if kind.__module__.startswith("chalicelib.")}
    return sorted(ours, key=lambda kind: (status_of(kind), kind.code))


def facts_by_class() -> dict[str, set[str]]:
    """The keywords that the code gives each error, by the error's class name."""
    given: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given[name].update(word.arg for word in node.keywords if word.arg)
    return given


def error_table() -> str:
    """docs/errors.md."""
    kinds = error_kinds()  # before the next line: it makes the stage known to the configuration
    from chalicelib.kernel.web.http import facts_beside, status_of

    given = facts_by_class()
    rows = []
    for kind in kinds:
        zh, en = (
            " — ".join(filter(None, (getattr(kind.title, at), getattr(kind.hint, at))))
            for at in ("zh", "en")
        )
        facts = sorted(given[kind.__name__])
        names = ", ".join(f"`{name}`" for name in facts_beside(dict.fromkeys(facts)))
        cells = [str(status_of(kind)), f"`{kind.code}`", zh, en, names]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return HEADING + "\n".join(rows) + "\n"
