"""Lambda starts a function with one module of ours: each can be imported first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import app

ROOT = Path(__file__).parents[1]
# Each in a child of its own, which has what others wrote loaded already.
PROGRAM = """
import os, sys, traceback
import boto3, chalice.app, msgspec, pynamodb.models
for name in sys.argv[1:]:
    if os.fork() == 0:
        try:
            __import__(name)
        except BaseException:
            print(f"{name}: {traceback.format_exc(limit=-1)}", flush=True)
        os._exit(0)
    os.wait()
"""


def test_each_module_of_routes_and_functions_can_be_imported_first() -> None:
    blueprints = (*app.ROUTES, *app.EVENTS, "chalicelib.kernel.web.auth:authorizers")
    names = [each.partition(":")[0] for each in blueprints]
    command = [sys.executable, "-c", PROGRAM, *names]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("", "")
