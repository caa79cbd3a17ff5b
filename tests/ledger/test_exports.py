"""A script without our code proves an exported history."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from tests.api import token
from tests.ledger.books import FAR, cause, give, spend
from tests.world import World

SCRIPT = Path(__file__).parents[2] / "docs/verify_history.py"


@pytest.fixture
def exported(world: World) -> list[dict[str, Any]]:
    """All entries of a member, as the API's pages show them."""
    member_id, now = ids.new_id("mbr"), clock.now()
    account_id = ledger.points_account(member_id)
    give(account_id, 100, "订单:1", expires_at=FAR, now=now)
    give(account_id, 20, "r2", expires_at=32_503_680_000, now=now)
    give(account_id, 30, "r3", expires_at=FAR, unlocks_at=FAR, now=now)
    spend(account_id, 40, "cup", now=now)
    hold_id = f"shop:{account_id}"
    ledger.place_hold(account_id, hold_id, 10, FAR, cause(""), now)
    ledger.capture_hold(hold_id, 4, now)
    ledger.unlock(account_id, "r3", now, early=True)
    entries, cursor = [], ""
    while cursor is not None:
        page = world.api.get(f"/v1/me/points/entries?limit=3{cursor}", as_=token(member_id)).body
        entries += page["data"]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    assert len(entries) == 7
    return entries


def check(tmp_path: Path, content: Any, *more: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "history.json"
    path.write_text(json.dumps(content), "utf-8")
    command = [sys.executable, "-I", str(SCRIPT), str(path), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_script_is_short_and_needs_the_standard_library_only() -> None:
    lines = SCRIPT.read_text("utf-8").splitlines()
    assert len(lines) <= 60
    imports = [line.split()[1] for line in lines if line.startswith(("import ", "from "))]
    assert set(imports) <= sys.stdlib_module_names


def test_a_real_history_proves_itself_in_any_order(
    tmp_path: Path, exported: list[dict[str, Any]]
) -> None:
    head = exported[0]["hash"]
    for content in (exported, {"data": exported[::-1], "next_cursor": None}):
        done = check(tmp_path, content, head)
        assert (done.returncode, done.stdout) == (0, "7 entries prove each other\n"), done.stderr
    assert check(tmp_path, exported).returncode == 0


def test_histories_with_lots_that_never_lapse_and_of_earlier_releases_prove_themselves(
    tmp_path: Path, exported: list[dict[str, Any]]
) -> None:
    assert "3000-" not in json.dumps(exported)
    timeless = [entry for entry in exported if None in [lot["at"] for lot in entry["lots"]]]
    assert timeless
    # The first release wrote never as a second of the year 3000.
    as_before = json.loads(json.dumps(timeless[0]))
    for lot in as_before["lots"]:
        lot["at"] = lot["at"] or "3000-01-01T00:00:00Z"
    mixed = [as_before if entry is timeless[0] else entry for entry in exported]
    assert check(tmp_path, mixed, exported[0]["hash"]).returncode == 0


def test_a_tampered_history_does_not_prove_itself(
    tmp_path: Path, exported: list[dict[str, Any]]
) -> None:
    cup = next(entry for entry in exported if entry["reference"] == "cup")
    tampered = {
        "points": -39,
        "source": "elsewhere",
        "hash": "0" * 64,
        "prev_hash": "0" * 64,
        "account": "mbr_x:points",
        "occurred_at": "2020-01-01T00:00:00Z",
        "content": None,
        "balance_after": 1,
        "lots": [],
        "postings": cup["postings"][:1],
        "seq": 9,
    }
    for name, value in tampered.items():
        others = [entry for entry in exported if entry is not cup]
        done = check(tmp_path, [*others, {**cup, name: value}])
        assert (done.returncode, done.stdout) == (1, ""), name
        assert done.stderr.startswith("entry ")


def test_a_history_with_a_gap_or_another_head_does_not_prove_itself(
    tmp_path: Path, exported: list[dict[str, Any]]
) -> None:
    assert check(tmp_path, exported[:3] + exported[4:]).returncode == 1
    assert check(tmp_path, exported[:-1]).returncode == 1
    cut = check(tmp_path, exported[1:], exported[0]["hash"])
    assert (cut.returncode, cut.stderr[:16]) == (1, "the last hash is")
