"""Parts that are killed: what is answered meanwhile, what comes back, and what ends the stack."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from infra.local.application import Application
from infra.local.errors import StackError
from infra.local.settings import from_environment
from infra.local.stack import Stack
from tests.local.conftest import SAMPLE, Sample, is_told_to_come_again

WORKERS = int(SAMPLE["JIFEN_WORKERS"])


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in told.split()]


def test_a_killed_application_costs_what_it_had_in_hand_and_comes_back(sample: Sample) -> None:
    """What was not handed out yet waits for the new workers; nobody gets a plain 500."""
    application = sample.process("infra.local.nursery")
    with sample.resting(), ThreadPoolExecutor(3 * WORKERS) as clients:
        cut = [clients.submit(sample.http.get, f"/rest/cut-{n}") for n in range(WORKERS)]
        sample.wait_for("request", [f"cut-{n}" for n in range(WORKERS)])
        waiting = [clients.submit(sample.http.get, "/echo/fixed") for _ in range(2 * WORKERS)]
        os.kill(application, signal.SIGKILL)
        for each in cut:
            is_told_to_come_again(each.result())
        assert [each.result().json() for each in waiting] == [{"fixed": True}] * len(waiting)
    assert sample.process("infra.local.nursery") != application
    sample.put("after-the-kill", n={"N": "7"})
    assert sample.drain()["relay"] == 1


def test_workers_that_are_killed_while_they_are_idle_cost_nothing(sample: Sample) -> None:
    for pid in _children(sample.process("infra.local.nursery")):
        os.kill(pid, signal.SIGKILL)
    with ThreadPoolExecutor(WORKERS) as clients:
        answers = list(clients.map(sample.http.get, ["/echo/fixed"] * 2 * WORKERS))
    assert {answer.status_code for answer in answers} == {200}
    sample.put("after-the-kill", n={"N": "8"})
    assert sample.drain()["relay"] == 1


def test_a_message_whose_worker_dies_comes_again(sample: Sample) -> None:
    body = '{"n": "survivor", "dies": 1}'
    sample.client("sqs").send_message(QueueUrl=sample.ref("Work"), MessageBody=body)
    assert sample.drain()["consume"] == 1
    assert sample.notes("message")[-1] == "survivor"


def test_an_application_that_dies_again_and_again_ends_the_stack(
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
    ("module", "name", "number"),
    [
        ("infra.local.stripe.server", "Stripe server", signal.SIGKILL),
        ("infra.local.gateway", "gateway", signal.SIGKILL),
        ("infra.local.pumps", "pumps", signal.SIGTERM),
        ("DynamoDBLocal", "DynamoDB Local", signal.SIGKILL),
    ],
)
def test_a_stack_ends_with_any_other_part_and_says_which(
    tmp_path_factory: pytest.TempPathFactory, module: str, name: str, number: signal.Signals
) -> None:
    # One folder for all: its tables are made once.
    home = tmp_path_factory.getbasetemp() / "killed"
    with Stack(home, SAMPLE) as stack:
        os.kill(Sample(stack).process(module), number)
        code, said = stack.wait()
        assert code == 1
        assert said.splitlines()[-1].startswith(f"jifen: the {name} ended")
        assert not (home / "stack.json").exists()


def test_a_request_that_outlasts_the_stack_is_told_to_come_again(tmp_path: Path) -> None:
    with Stack(tmp_path, SAMPLE) as stack, ThreadPoolExecutor(1) as clients:
        sample = Sample(stack)
        last = clients.submit(httpx.get, f"{stack.url}/rest/last", timeout=60)
        sample.wait_for("request", ["last"])
        assert stack.stop() == 0
        is_told_to_come_again(last.result())
