"""`make browse`: the tests in a real browser against a mall of their own, which ends with them.

With JIFEN_URL they are tried on a mall that runs already. `--shots` takes README's pictures
instead. Other arguments are vitest's, such as a part of a file's name.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from infra.local import downloads
from infra.local.errors import StackError
from infra.local.settings import REPOSITORY, from_environment
from infra.local.stack import Stack
from infra.web.building import build

WEB = REPOSITORY / "web"
PICTURES = "pictures/vitest.config.ts"
# All people of the tests ask for their codes from one address.
SETTINGS = dict.fromkeys(
    ("JIFEN_OTP_PER_IP_HOUR", "JIFEN_OTP_PER_DESTINATION_10_MINUTES"), "1000000"
)


def main() -> int:
    """Run them; the exit code is theirs."""
    parser = argparse.ArgumentParser(prog="python -m tests.browse", description=__doc__)
    parser.add_argument("--shots", action="store_true", help="take the pictures of README")
    asked, others = parser.parse_known_args()
    # A stop by CI ends the mall as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    arguments = [*(["--config", PICTURES] if asked.shots else []), *others]
    try:
        return _try_out(arguments)
    except StackError as error:
        raise SystemExit(f"jifen: {error}") from error
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _try_out(arguments: Sequence[str]) -> int:
    """Raises StackError."""
    settings = from_environment()
    downloads.npm_packages(WEB, settings.cache, downloads.tried_npm())
    if url := os.environ.get("JIFEN_URL"):
        return _run(arguments, url)
    if settings.web is not None:
        build(settings.web, settings.cache)
    # A stack of tests has no pages, unless it is told of them.
    pages = {"JIFEN_WEB": str(settings.web or 0)}
    with (
        tempfile.TemporaryDirectory(prefix="jifen-", ignore_cleanup_errors=True) as home,
        Stack(Path(home), {**SETTINGS, **pages}) as stack,
    ):
        return _run(arguments, stack.url)


def _run(arguments: Sequence[str], url: str) -> int:
    """Run vitest, by no shell that would keep a signal from it; its exit code."""
    command = [downloads.node(), str(WEB / "node_modules/vitest/vitest.mjs"), "run", *arguments]
    with tempfile.TemporaryDirectory(prefix="jifen-", ignore_cleanup_errors=True) as temporary:
        # A browser that is stopped leaves files behind.
        environment = {**os.environ, "JIFEN_URL": url, "TMPDIR": temporary}
        process = subprocess.Popen(command, cwd=WEB / "browse", env=environment)
        try:
            return process.wait()
        finally:
            # Its browser ends with it. After its own end this does nothing.
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
