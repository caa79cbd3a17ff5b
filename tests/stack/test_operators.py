"""The commands of operators on the stack of this machine: `./jifen --local`."""

from __future__ import annotations

import os
import subprocess
import sys

from chalicelib.ledger.queries import FIRST_DAY
from infra.local.settings import REPOSITORY
from tests.stack.mall import Mall, read

MINUTES_S = 180
LATER = "2999-12"


def jifen(home: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.cli", *arguments]
    # Whatever the shell is set up for is not meant.
    shell = {"AWS_PROFILE": "nobody", "JIFEN_STAGE": "prod", "JIFEN_HOME": home}
    return subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **shell}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip


def test_a_command_finds_the_stack_of_this_machine_and_goes_by_its_clock(mall: Mall) -> None:
    read(mall.post("/_local/clock", {"advance_seconds": MINUTES_S}))
    info = read(mall.get("/_local/info"))
    [giver] = mall.members(1, points=100)
    gift = {"to": {"phone": mall.new_phone()}, "points": 40}
    sent = mall.post("/v1/me/points/transfers", gift, as_=giver.token, key=mall.new_key())
    read(sent, 201)
    mall.drain()
    verified = jifen(info["data_folder"], "--local", "verify", "--segments", "1")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "problems 0")
    settled = jifen(info["data_folder"], "--local", "settle", "--date", str(FIRST_DAY))
    nothing = f"{FIRST_DAY} has no settlement: nothing had moved yet\n"
    assert (settled.returncode, settled.stdout) == (0, nothing)
    who = ("--phone", mall.new_phone(), "--role", "agent")
    granted = jifen(info["data_folder"], "--local", "members", "grant", *who)
    assert (granted.returncode, granted.stderr) == (0, "")
    assert granted.stdout.splitlines()[-1].split()[-1] > info["now"]
    refused = jifen(info["data_folder"], "--local", "settle", "--month", LATER)
    assert (refused.returncode, refused.stderr) == (1, "jifen: This day is not over\n")


def test_without_a_stack_the_command_says_so(tmp_path: os.PathLike[str]) -> None:
    asked = jifen(str(tmp_path), "--local", "verify")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr == f"jifen: no stack runs on {tmp_path}: make run starts one\n"


def test_a_stage_and_the_stack_of_this_machine_are_not_both_meant(
    tmp_path: os.PathLike[str],
) -> None:
    asked = jifen(str(tmp_path), "--stage", "dev", "--local", "verify")
    assert asked.returncode == 2
    assert "not allowed with argument" in asked.stderr
