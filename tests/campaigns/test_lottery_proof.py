"""`docs/verify_lottery.py` agrees with the mall, and finds what was changed."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.rules.draws import ticket_of
from chalicelib.campaigns.rules.lotteries import THANKS, Guarantee
from tests.campaigns.lotteries import SCRIPT, SEED, lottery, prize, proof, verify

MEMBERS = [f"member-{number % 7}" for number in range(300)]
GUARANTEED = lottery(guarantee=Guarantee(5, "p2"))
Proof = dict[str, Any]


def faults(told: Proof, commitment: str | None = None, receipts: Any = ()) -> list[str]:
    return list(verify.faults(told, commitment or proof(GUARANTEED, [])["commitment"], receipts))


@pytest.mark.pure
def test_the_script_is_short_and_imports_the_standard_library_alone() -> None:
    text = SCRIPT.read_text()
    assert len(text.splitlines()) <= 60
    imported = {
        name.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(ast.parse(text)))


@pytest.mark.pure
def test_a_true_proof_holds_with_receipts() -> None:
    told = proof(GUARANTEED, MEMBERS)
    assert {each["result"] for each in told["draws"]} >= {"p2", "p3"}
    receipts = [(each["number"], each["result"]) for each in told["draws"]]
    assert faults(told, receipts=receipts) == []


@pytest.mark.pure
@given(
    st.binary(min_size=32, max_size=32), st.lists(st.sampled_from("abc"), max_size=60), st.data()
)
def test_the_script_computes_every_draw_of_any_lottery(
    seed: bytes, members: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, 999_999))
    told = lottery(
        prizes=(prize("points", first, 3, points=1), prize(THANKS, 1_000_000 - first)),
        guarantee=data.draw(st.none() | st.builds(Guarantee, st.integers(1, 5), st.just("p1"))),
    )
    made = proof(told, members, seed)
    assert list(verify.faults(made, made["commitment"])) == []
    assert [verify.ticket(seed, told.id, n) for n in range(5)] == [
        ticket_of(seed, told.id, n) for n in range(5)
    ]


def _other_seed(told: Proof) -> None:
    told["seed"] = bytes(32).hex()


def _dropped(told: Proof) -> None:
    del told["draws"][17]


def _dropped_and_renumbered(told: Proof) -> None:
    del told["draws"][17]
    told["total"] -= 1
    for number, each in enumerate(told["draws"], 1):
        each["number"] = number


def _last_dropped(told: Proof) -> None:
    told["draws"].pop()


def _reordered(told: Proof) -> None:
    draws = told["draws"]
    draws[3], draws[40] = draws[40], draws[3]


def _results_swapped(told: Proof) -> None:
    draws = told["draws"]
    other = next(each for each in draws if each["result"] != draws[0]["result"])
    other["result"], draws[0]["result"] = draws[0]["result"], other["result"]


def _changed(told: Proof) -> None:
    told["draws"][9]["result"] = "p1"


def _added(told: Proof) -> None:
    told["draws"].append({"number": 301, "member": "a friend", "result": "p1"})


def _other_odds(told: Proof) -> None:
    told["prizes"][0]["odds"] += 50_000
    told["prizes"][2]["odds"] -= 50_000


def _odds_of_more(told: Proof) -> None:
    told["prizes"][2]["odds"] += 1


def _other_guarantee(told: Proof) -> None:
    told["guarantee"] = None


@pytest.mark.pure
@pytest.mark.parametrize(
    "change",
    [
        _other_seed, _dropped, _dropped_and_renumbered, _last_dropped, _reordered,
        _results_swapped, _changed, _added, _other_odds, _odds_of_more, _other_guarantee,
    ],
)  # fmt: skip
def test_a_changed_proof_is_found(change: Callable[[Proof], None]) -> None:
    told = proof(GUARANTEED, MEMBERS)
    change(told)
    assert faults(told)


@pytest.mark.pure
def test_a_shorter_list_that_is_true_in_itself_is_found_by_a_receipt() -> None:
    told = proof(GUARANTEED, MEMBERS[:-1])
    assert faults(told) == []
    assert faults(told, receipts=[(300, "p3")]) == ["your draw (300, 'p3') is not there"]
    assert faults(told, receipts=[(299, "p1")])


@pytest.mark.pure
def test_the_example_of_the_document_is_as_the_script_computes_it() -> None:
    docs = SCRIPT.parent
    told = json.loads((docs.parent / "web/shared/tests/fixtures/lottery.json").read_text())
    assert list(verify.faults(told, told["commitment"])) == []
    seed, text = bytes.fromhex(told["seed"]), (docs / "lottery.md").read_text()
    rows = [line.split(" | ") for line in text.splitlines() if re.match(r"\| \d", line)]
    assert len(rows) == 6
    for number, member, _, ticket, result, _ in rows:
        draw = told["draws"][int(number.strip("| ")) - 1]
        assert (draw["member"], draw["result"]) == (member, result)
        assert verify.ticket(seed, told["id"], draw["number"]) == int(ticket.replace(",", ""))


def test_the_command_says_whether_a_file_holds(tmp_path: Path) -> None:
    told, file = proof(GUARANTEED, MEMBERS), tmp_path / "proof.json"

    def run() -> subprocess.CompletedProcess[str]:
        file.write_text(json.dumps(told))
        command = [
            sys.executable,
            "-I",
            str(SCRIPT),
            str(file),
            proof(GUARANTEED, [])["commitment"],
        ]
        return subprocess.run(command, capture_output=True, text=True)  # noqa: PLW1510

    good = run()
    assert (good.returncode, good.stdout) == (0, "Every draw is as it must be.\n")
    told["seed"] = SEED[::-1].hex()
    bad = run()
    assert bad.returncode == 1
    assert "not the one that was committed to" in bad.stdout
