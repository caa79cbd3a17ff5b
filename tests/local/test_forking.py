"""A part forked from the supervisor: as apart from it as one started anew."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from infra.local.forking import Part
from infra.local.processes import Child

# In a process of its own: it ends each connection of the process that it runs in.
_ENDS = """
import socket
from infra.local import nursery
listener = socket.create_server(("127.0.0.1", 0))
inherited = socket.create_connection(listener.getsockname())
other, _ = listener.accept()
ours, theirs = socket.socketpair()
nursery._end_connections()
assert inherited.recv(1) == b""
ours.sendall(b"x")
assert theirs.recv(1) == b"x"
"""


def _part(tmp_path: Path, end: str, environment: dict[str, str]) -> tuple[Child, str, int]:
    read, write = os.pipe()
    child = Child(
        "part",
        Part("tests.local.forked", (write, end)),
        tmp_path / "log",
        environment=environment,
        descriptors=[write],
        folder=tmp_path,
    )
    os.close(write)
    with os.fdopen(read) as source:
        told = source.read()
    child._process.wait()
    return child, told, write


def test_a_forked_part_has_its_own_environment_folder_and_descriptors(tmp_path: Path) -> None:
    child, told, write = _part(tmp_path, "", {"SAID": "here"})
    open_ones, said = told.split("] ")
    assert said == f"here {tmp_path}"
    kept = [int(each) for each in open_ones.removeprefix("[").split(", ")]
    assert write in kept
    assert len(kept) == 2, "its own, and the tether"
    assert child.end() == "ended with 0"
    assert child.last_words() == "printed"
    child.kill()


@pytest.mark.parametrize(
    ("end", "code", "words"),
    [("3", 3, "printed"), ("error", 1, "RuntimeError: it cannot go on")],
)
def test_the_end_of_a_forked_part_is_told(tmp_path: Path, end: str, code: int, words: str) -> None:
    child, _, _ = _part(tmp_path, end, {})
    assert child.end() == f"ended with {code}"
    assert child.last_words() == words
    child.kill()


def test_a_stop_ends_a_forked_part_by_its_signal(tmp_path: Path) -> None:
    read, write = os.pipe()
    part = Part("tests.local.forked", (write, "never"))
    child = Child("part", part, tmp_path / "log", descriptors=[write])
    os.close(write)
    with os.fdopen(read, "rb", buffering=0) as source:
        assert source.read(1)
    child.stop()
    assert child.exit_code() == -signal.SIGTERM


def test_workers_inherit_no_connection_of_the_nursery(python: str) -> None:
    subprocess.run([python, "-c", _ENDS], check=True)
