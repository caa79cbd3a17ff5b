"""The operators' command that holds past events against a rule."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from infra.cli.main import main
from tests.api import new_key
from tests.conftest import Time
from tests.earning.replaying import happened, own_days
from tests.earning.ruling import bought, drafted, of_sku
from tests.earning.shop import register
from tests.world import World, new_phone

DAY = timedelta(days=1)


def test_the_command_shows_the_days_and_writes_them_to_a_file(
    world: World, time: Time, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day, phone, sku = own_days(time), new_phone(), f"RC-{new_key()}"
    register(phone)
    happened(world, bought(phone, (sku, 123_400)))
    rule, file = drafted(world, when=of_sku(sku))["id"], tmp_path / "days.csv"
    period = ["--from", f"{day - DAY}", "--to", f"{day}"]
    assert main(["replay-rules", "--draft", rule, *period, "--csv", str(file)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:4] == [
        [f"{day - DAY}", "0", "0", "0", "0", "+0", "0"],
        [f"{day}", "1", "1", "1,234", "2,468", "+1,234", "1,234"],
        ["all", "days", "1", "1", "1,234", "2,468", "+1,234", "1,234"],
    ]
    assert file.read_text("utf-8-sig").splitlines()[2] == f"{day},1,1,1234,2468,1234,1234"


def test_a_period_without_events_and_one_that_is_refused_are_told_in_words(
    world: World, time: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    day = own_days(time)
    rule = drafted(world)["id"]
    assert main(["replay-rules", "--draft", rule, "--from", f"{day}", "--to", f"{day}"]) == 0
    assert "no event of these days earned" in capsys.readouterr().out
    late = ["--from", f"{day}", "--to", f"{day + DAY}"]
    assert main(["replay-rules", "--draft", rule, *late]) == 1
    assert "to is after today" in capsys.readouterr().err
