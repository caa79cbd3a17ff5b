"""The operators' command line as a process."""

import os
import subprocess
import sys

from infra.local.settings import REPOSITORY

_PRINTS = """
import runpy
from infra.cli import main
main.main = lambda: print("a line\\n" * 100_000) or 0
runpy.run_module("infra.cli")
"""


def test_a_reader_that_has_seen_enough_ends_the_command_without_a_word() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", _PRINTS],
            stdout=writer,
            stderr=subprocess.PIPE,
            cwd=REPOSITORY,
            check=False,
        )
    finally:
        os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, b"")
