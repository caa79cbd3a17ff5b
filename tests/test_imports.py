"""Lambda starts a function with one module of ours: each can be imported first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import app
from infra.bench.cold import stage

ROOT = Path(__file__).parents[1]
# Each in a child of its own, which has the libraries loaded already.
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


CALLS = """
import sys, json
import app
def loaded():
    return {name.split(".")[1] for name in sys.modules if name.startswith("chalicelib.")}
def status(resource, rest):
    place = {"httpMethod": "GET", "resourcePath": resource, "path": "", "requestId": "r",
             "identity": {"sourceIp": "192.0.2.1"}}
    event = {"headers": {}, "multiValueQueryStringParameters": None, "stageVariables": None,
             "pathParameters": rest and {"proxy": rest}, "body": None, "isBase64Encoded": False,
             "requestContext": place}
    return app.app(event, None)["statusCode"]
start = loaded()
unknown = status("/v1/me/{proxy+}", "nothing")
idle = loaded()
health = status("/v1/health", None)
points = status("/v1/me/{proxy+}", "points/entries")
called = loaded()
document = status("/openapi.json", None)
print(json.dumps([unknown, health, points, document]))
print(json.dumps([sorted(start), sorted(idle), sorted(called), sorted(loaded())]))
"""


def test_a_packaged_start_imports_a_context_when_it_is_called(tmp_path: Path) -> None:
    stage(tmp_path)
    unset = {"PYTHONPATH", "PYTHONPYCACHEPREFIX"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    ran = subprocess.run(
        [sys.executable, "-c", CALLS],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    *_, statuses, loaded = ran.stdout.splitlines()
    assert json.loads(statuses) == [404, 200, 401, 200]
    start, idle, called, whole = json.loads(loaded)
    assert start == idle == ["kernel"]
    assert {"kernel", "ledger"} <= set(called)
    assert not {"orders", "finance", "members"} & set(called)
    assert {"orders", "finance", "members"} <= set(whole)
