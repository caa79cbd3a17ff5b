"""`make browse`: the tests in a real browser against a mall of their own, which ends with them.

Two passes: `tests/` and `journeys/`, then `later/`, which moves the mall's clock. A whole run also
refuses where pages never made a call that docs/web.md says they make.

With JIFEN_URL they are tried on a mall that runs already, whose clock stays unless `later` is
named. `--shots` takes README's pictures instead, `--speeds` measures how soon pages can be used. A
part of a file's name tries the files that have it; what begins with `-` is vitest's.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from infra.docs.pages import never_called
from infra.local import downloads
from infra.local.errors import StackError
from infra.local.settings import REPOSITORY, from_environment
from infra.local.stack import Stack
from infra.web.building import build

WEB = REPOSITORY / "web"
BROWSE = WEB / "browse"
SHOTS, SPEEDS = "pictures/vitest.config.ts", "speeds/vitest.config.ts"
JOURNEYS, LATER = ("tests", "journeys"), ("later",)
CONFIGS = {JOURNEYS: "vitest.config.ts", LATER: "later/vitest.config.ts"}
# All people of the tests ask for their codes from one address, and find at once what they made.
SETTINGS = {
    "JIFEN_OTP_PER_IP_HOUR": "1000000",
    "JIFEN_OTP_PER_DESTINATION_10_MINUTES": "1000000",
    "JIFEN_SEARCH_REFRESHED_SECONDS": "0",
    # Of many codes for one range of numbers a captcha is asked for, as this machine has it.
    "JIFEN_CAPTCHA_VERIFY_URL": "/_local/captcha",
    "JIFEN_CAPTCHA_AFTER_PER_IP_HOUR": "1000000",
}


def main() -> int:
    """Run them; the exit code is theirs."""
    parser = argparse.ArgumentParser(prog="python -m tests.browse", description=__doc__)
    parser.add_argument("--shots", action="store_true", help="take the pictures of README")
    parser.add_argument("--speeds", action="store_true", help="measure the pages for docs/web.md")
    asked, others = parser.parse_known_args()
    # A stop by CI ends the mall as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    config = (asked.shots and SHOTS) or (asked.speeds and SPEEDS) or None
    try:
        return _try_out(others, config)
    except StackError as error:
        raise SystemExit(f"jifen: {error}") from error
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _try_out(arguments: Sequence[str], config: str | None) -> int:
    """Raises StackError."""
    settings = from_environment()
    downloads.npm_packages(WEB, settings.cache, downloads.tried_npm())
    run = partial(_run, config) if config else _run_passes
    if url := os.environ.get("JIFEN_URL"):
        return run(arguments, url)
    if settings.web is not None:
        build(settings.web, settings.cache)
    # A stack of tests has no pages, unless it is told of them.
    pages = {"JIFEN_WEB": str(settings.web or 0)}
    with (
        tempfile.TemporaryDirectory(prefix="jifen-", ignore_cleanup_errors=True) as home,
        Stack(Path(home), {**SETTINGS, **pages}) as stack,
    ):
        return run(arguments, stack.url)


def _run_passes(arguments: Sequence[str], url: str) -> int:
    """Both passes, or those that have a named file; the exit code.

    Raises StackError where a whole run left out calls of pages.
    """
    named = [each for each in arguments if not each.startswith("-")]
    with tempfile.NamedTemporaryFile("r", prefix="jifen-calls-") as calls:
        passes = _passes(named)
        codes = [_run(CONFIGS[each], arguments, url, JIFEN_CALLS=calls.name) for each in passes]
        is_whole = not named and len(passes) == len(CONFIGS) and not any(codes)
        if is_whole and (missed := never_called(calls)):
            raise StackError(f"no journey has a page make these calls: {', '.join(missed)}")
    return max(codes)


def _passes(named: Sequence[str]) -> list[tuple[str, ...]]:
    """The passes to run: of the named files, of all without a name.

    A mall that runs already keeps its clock, unless a file of the later pass is named.

    Raises StackError where no file has the name.
    """
    if not named:
        return [JOURNEYS] if "JIFEN_URL" in os.environ else [JOURNEYS, LATER]
    found = [folders for folders in CONFIGS if _has_any(folders, named)]
    if not found:
        raise StackError(f"no file of web/browse has {' or '.join(named)} in its name")
    return found


def _has_any(folders: Sequence[str], named: Sequence[str]) -> bool:
    files = (path for folder in folders for path in (BROWSE / folder).rglob("*.test.ts"))
    names = [path.relative_to(BROWSE).as_posix() for path in files]
    return any(part in name for part in named for name in names)


def _run(config: str, arguments: Sequence[str], url: str, **told: str) -> int:
    """Run vitest, by no shell that would keep a signal from it; its exit code."""
    vitest = str(WEB / "node_modules/vitest/vitest.mjs")
    command = [downloads.node(), vitest, "run", "--config", config, *arguments]
    with tempfile.TemporaryDirectory(prefix="jifen-", ignore_cleanup_errors=True) as temporary:
        # A browser that is stopped leaves files behind.
        environment = {**os.environ, **told, "JIFEN_URL": url, "TMPDIR": temporary}
        process = subprocess.Popen(command, cwd=BROWSE, env=environment)
        try:
            return process.wait()
        finally:
            # Its browser ends with it. After its own end this does nothing.
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
