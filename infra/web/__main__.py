"""`python -m infra.web`: the command of `make web`."""

from __future__ import annotations

import sys

from infra.local.errors import StackError
from infra.local.settings import from_environment
from infra.web.building import build


def main() -> int:
    """Build the pages; the exit code: 0 done, 1 failed."""
    settings = from_environment()
    if settings.web is None:
        print("jifen: JIFEN_WEB says that there are no pages", file=sys.stderr)
        return 1
    try:
        was_stale = build(settings.web, settings.cache)
    except StackError as error:
        print(f"jifen: {error}", file=sys.stderr)
        return 1
    print("The pages are built" if was_stale else "The pages are as their sources say")
    return 0


if __name__ == "__main__":
    sys.exit(main())
