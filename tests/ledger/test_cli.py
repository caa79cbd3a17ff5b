"""`jifen verify`: its output for a sound ledger and for a damaged one."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.store.tables import connection
from infra.cli import ledger as command
from infra.cli.main import main
from tests.ledger.books import give, new_account
from tests.second_engine import SecondEngine

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture(scope="module")
def accounts() -> list[str]:
    return []


@pytest.fixture(autouse=True)
def _five_accounts(alone: SecondEngine, accounts: list[str]) -> None:
    while len(accounts) < 5:
        accounts.append(new_account())
        for number in range(4):
            give(accounts[-1], 5, f"r{number}", now=clock.now())


def tamper(account_id: str, points: int) -> None:
    client: Any = connection().client
    client.update_item(
        TableName="jifen-dev-ledger",
        Key={"pk": {"S": f"ACC#{account_id}"}, "sk": {"S": "ENT#r2"}},
        UpdateExpression="SET points = :p",
        ExpressionAttributeValues={":p": {"N": str(points)}},
    )


def test_parallel_processes_verify_all_accounts(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main(["verify", "--segments", "2"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "accounts 5"
    assert lines[1].startswith("entries  20 (")
    assert lines[2:] == ["pools    0", "skus     0 (0 movements)", "problems 0"]


def test_problems_are_listed_and_the_exit_code_is_1(
    capfd: pytest.CaptureFixture[str], accounts: list[str]
) -> None:
    tamper(accounts[1], 6)
    for arguments in (["--segments", "1"], ["--member", accounts[1].partition(":")[0]]):
        assert main(["verify", *arguments]) == 1
        said = capfd.readouterr()
        assert f"  {accounts[1]} entry 3: hash: the stored hash" in said.out
        assert accounts[0] not in said.out
        assert "jifen: the ledger is not sound" in said.err
    tamper(accounts[1], 5)
    assert main(["verify", "--member", accounts[1].partition(":")[0]]) == 0


def test_a_failing_process_is_reported_in_one_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_items", lambda: 20)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    assert main(["verify", "--segments", "1"]) == 1
    assert "jifen: a process could not go on" in capfd.readouterr().err


@pytest.mark.parametrize("number", ["0", "65", "-1", "two"])
def test_an_invalid_number_of_processes_is_a_usage_error(number: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["verify", "--segments", number])
    assert ended.value.code == 2


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_and_a_log_shows_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    for stderr, wanted in ((Terminal(), "50% 1,000"), (io.StringIO(), "1,000 entries, about 50%")):
        monkeypatch.setattr(sys, "stderr", stderr)
        monkeypatch.setattr(command, "_LINE_EVERY_S", -1.0)
        bar = command.Bar(2_000)
        bar.show(1_000)
        bar.end()
        assert wanted in stderr.getvalue()
        assert stderr.getvalue().endswith("\n")
        assert ("█" in stderr.getvalue()) == stderr.isatty()
