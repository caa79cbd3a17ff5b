"""A part that tells how it was started, and ends as its argument says."""

import os
import signal
import sys
from pathlib import Path


def main(told: int, end: str) -> None:
    """Write what is open and set here to a descriptor; end with a code or an error."""
    open_ones = [each for each in range(3, 4096) if _is_open(each)]
    os.write(told, f"{open_ones} {os.environ.get('SAID')} {Path.cwd()}".encode())
    sys.stdout.write("printed\n")
    if end == "never":
        signal.pause()
    if end == "error":
        raise RuntimeError("it cannot go on")
    if end:
        sys.exit(int(end))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
