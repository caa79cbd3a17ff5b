"""Killed parts: answers meanwhile, recovery, and the end of the stack."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local import listeners
from infra.local.application import Application
from infra.local.errors import StackError
from infra.local.processes import Child
from infra.local.settings import from_environment
from infra.local.stack import Stack
from infra.local.supervisor import Supervisor
from tests.local.conftest import SAMPLE, Sample, is_told_to_come_again

WORKERS = int(SAMPLE["JIFEN_WORKERS"])


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in told.split()]


def test_a_killed_application_loses_its_running_requests_and_comes_back(sample: Sample) -> None:
    """Waiting requests go to the new workers; no client gets a plain 500."""
    application = sample.process("application")
    with ThreadPoolExecutor(3 * WORKERS) as clients, sample.resting():
        cut = [clients.submit(sample.http.get, f"/rest/cut-{n}") for n in range(WORKERS)]
        sample.wait_for("request", [f"cut-{n}" for n in range(WORKERS)])
        waiting = [clients.submit(sample.http.get, "/echo/fixed") for _ in range(2 * WORKERS)]
        os.kill(application, signal.SIGKILL)
        for each in cut:
            is_told_to_come_again(each.result())
        assert [each.result().json() for each in waiting] == [{"fixed": True}] * len(waiting)
    assert sample.process("application") != application
    sample.put("after-the-kill", n={"N": "7"})
    assert sample.drain()["relay"] == 1


def test_killed_idle_workers_lose_no_request(sample: Sample) -> None:
    workers = _children(sample.process("application"))
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        time.sleep(0.01)
    with ThreadPoolExecutor(WORKERS) as clients:
        answers = list(clients.map(sample.http.get, ["/echo/fixed"] * 2 * WORKERS))
    assert {answer.status_code for answer in answers} == {200}
    sample.put("after-the-kill", n={"N": "8"})
    assert sample.drain()["relay"] == 1


def test_a_message_whose_worker_dies_is_delivered_again(sample: Sample) -> None:
    body = '{"n": "survivor", "dies": 1}'
    sample.client("sqs").send_message(QueueUrl=sample.ref("Work"), MessageBody=body)
    assert sample.drain()["consume"] == 1
    assert sample.notes("message")[-1] == "survivor"


def test_an_application_that_keeps_dying_ends_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIFEN_HOME", str(tmp_path))
    monkeypatch.setenv("JIFEN_APP", "tests.local.no_such_module:app")
    application = Application(from_environment(), os.environ)
    try:
        for _ in range(5):
            application.revive()
        with pytest.raises(StackError, match="again and again"):
            application.revive()
    finally:
        application.child.kill()


@pytest.mark.parametrize(
    "name", ["AWS server", "Stripe server", "dynoxide", "DynamoDB Local", "gateway"]
)
@pytest.mark.parametrize(
    ("number", "end"), [(signal.SIGKILL, "ended by SIGKILL"), (signal.SIGTERM, "ended by SIGTERM")]
)
def test_the_stack_names_the_part_that_ended_and_stops_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: signal.Signals, end: str
) -> None:
    monkeypatch.setenv("JIFEN_HOME", str(tmp_path))
    supervisor = Supervisor(from_environment(), listeners.bound(0))
    children = [
        Child(each, ["sleep", "600"], tmp_path / "log") for each in ("pumps", name, "another")
    ]
    supervisor._children += children
    supervisor.check()
    os.kill(children[1].pid, number)
    children[1]._process.wait()
    with pytest.raises(StackError, match=rf"the {name} {end}"):
        supervisor.check()
    supervisor.stop()
    assert None not in [each.exit_code() for each in children]


@pytest.mark.parametrize("name", ["Stripe server", "pumps"])
def test_a_stack_ends_with_each_of_its_parts_and_names_it(tmp_path: Path, name: str) -> None:
    with Stack(tmp_path, SAMPLE) as stack:
        os.kill(Sample(stack).process(name), signal.SIGKILL)
        code, said = stack.wait()
        assert code == 1
        assert said.splitlines()[-1].startswith(f"jifen: the {name} ended by SIGKILL (see ")
        assert not (tmp_path / "stack.json").exists()
