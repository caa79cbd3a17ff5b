"""`python -m infra.cli`."""

import os
import signal
import sys

from infra.cli.main import main


def run() -> int:
    """Run the command; a reader that has seen enough, such as `head`, ends it without a word."""
    try:
        try:
            return main()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Source: Python's documentation of `signal`, "Note on SIGPIPE".
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


sys.exit(run())
