"""`jifen verify --records`: it reads all tables and lists unreadable records."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from chalicelib.kernel.store.tables import connection
from infra.cli import records
from infra.cli.main import main
from tests.corpus.reading import raw
from tests.corpus.releases import everything
from tests.second_engine import SecondEngine


@pytest.fixture
def alone(second_engine: SecondEngine, monkeypatch: pytest.MonkeyPatch) -> SecondEngine:
    second_engine.empty(*records.tables())
    second_engine.lead_here(monkeypatch)
    return second_engine


def put(table: str, image: dict[str, Any]) -> None:
    client: Any = connection().client
    client.put_item(TableName=f"jifen-dev-{table}", Item=image)


def test_all_records_of_all_tables_are_read(
    alone: SecondEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = set()
    for table, image in everything():
        put(table, raw(image))
        keys.add((table, image["pk"]["S"], image["sk"]["S"]))
    try:
        assert main(["verify", "--records"]) == 0
        lines = capsys.readouterr().out.splitlines()
        counted = Counter(table for table, *_ in keys)
        assert lines == [
            *(f"{table:<10} {counted[table]}" for table in records.tables()),
            "problems   0",
        ]
        put("orders", {"pk": {"S": "ord_spoilt"}, "sk": {"S": "ORDER"}, "lines": {"S": "{}"}})
        put("catalog", {"pk": {"S": "POOL#S-1"}, "sk": {"S": "POOL"}})
        put("members", {"pk": {"S": "NOBODY#1"}, "sk": {"S": "X"}})
        assert main(["verify", "--records"]) == 1
        said = capsys.readouterr()
        listed = [line for line in said.out.splitlines() if line.startswith("  ")]
        assert listed[0] == "  jifen-dev-catalog POOL#S-1 POOL: LookupError: no total"
        assert listed[1] == "  jifen-dev-members NOBODY#1 X: LookupError: nobody's keys"
        assert listed[2].startswith(
            "  jifen-dev-orders ord_spoilt ORDER: ValidationError: Expected"
        )
        assert "3 records cannot be read" in said.err
    finally:
        alone.empty(*records.tables())
