"""Write the generated documents, or with --check name the outdated ones (exit code 1).

With --openapi write the API's own document into a file instead.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from infra.docs.errors import error_table
from infra.docs.facts import fact_table
from infra.docs.openapi import openapi_text
from infra.docs.pages import DOCUMENT, with_page_table
from infra.docs.settings import settings_table

ROOT = Path(__file__).parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument(
        "--openapi", type=Path, metavar="FILE", help="where the API's document goes"
    )
    asked = parser.parse_args()
    if asked.openapi:
        asked.openapi.write_text(openapi_text(), "utf-8")
        return 0
    return _write(is_check=asked.check)


def _write(*, is_check: bool) -> int:
    stale = 0
    documents = {
        "docs/errors.md": error_table(),
        "docs/facts.md": fact_table(),
        "docs/settings.md": settings_table(),
        DOCUMENT.as_posix(): with_page_table((ROOT / DOCUMENT).read_text("utf-8")),
    }
    for name, text in documents.items():
        path = ROOT / name
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if is_check:
            print(f"{name} is stale: run .venv/bin/python -m infra.docs", file=sys.stderr)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"{name} written")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
