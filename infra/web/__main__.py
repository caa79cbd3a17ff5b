"""`python -m infra.web`: builds the pages, or runs another script of web/package.json."""

from __future__ import annotations

import argparse
import sys

from infra.local.errors import StackError
from infra.local.settings import from_environment
from infra.web.building import build, run_script

_OTHERS = ("check", "format", "test")


def main() -> int:
    """Build the pages, or run the script; the exit code: 0 done, 1 failed."""
    parser = argparse.ArgumentParser(prog="python -m infra.web", description=__doc__)
    parser.add_argument("script", nargs="?", choices=("build", *_OTHERS), default="build")
    script: str = parser.parse_args().script
    settings = from_environment()
    if settings.web is None:
        print("jifen: JIFEN_WEB says that there are no pages", file=sys.stderr)
        return 1
    try:
        if script in _OTHERS:
            run_script(script, settings.web, settings.cache)
        else:
            was_stale = build(settings.web, settings.cache)
            print("The pages are built" if was_stale else "The pages are as their sources say")
    except StackError as error:
        print(f"jifen: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
