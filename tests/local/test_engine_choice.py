"""A stack takes the engine whose data it finds, before any other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from infra.local import downloads
from infra.local.engine import DYNAMODB_LOCAL, DYNOXIDE, KINDS, Kind, choose
from infra.local.errors import StackError
from infra.local.settings import Settings, from_environment


@pytest.fixture(autouse=True)
def _for_this_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "dynoxide", lambda _: Path("dynoxide"))


def settings(engine: str | None = None) -> Settings:
    return replace(from_environment({}), engine=engine)


def made_by(folder: Path, *kinds: Kind) -> Path:
    for kind in kinds:
        (folder / kind.file).touch()
    return folder


def test_a_new_folder_gets_dynoxide(tmp_path: Path) -> None:
    assert (choose(settings(), tmp_path).kind, choose(settings()).why) == (DYNOXIDE, None)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.setting)
def test_a_new_folder_gets_the_engine_of_the_setting(tmp_path: Path, kind: Kind) -> None:
    assert choose(settings(kind.setting), tmp_path).kind is kind


def test_a_system_without_dynoxide_takes_dynamodb_local_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "dynoxide", lambda _: None)
    choice = choose(settings(), tmp_path)
    assert choice.kind is DYNAMODB_LOCAL
    assert f"no dynoxide for {downloads.system()}: DynamoDB Local" in str(choice.why)


def test_data_of_an_earlier_release_stays_with_dynamodb_local_and_the_stack_says_so(
    tmp_path: Path,
) -> None:
    choice = choose(settings(), made_by(tmp_path, DYNAMODB_LOCAL))
    assert choice.kind is DYNAMODB_LOCAL
    assert f"DynamoDB Local made the data in {tmp_path} and goes on" in str(choice.why)


def test_a_setting_never_starts_an_empty_mall_beside_data_of_another_engine(
    tmp_path: Path,
) -> None:
    for made, asked in ((DYNAMODB_LOCAL, DYNOXIDE), (DYNOXIDE, DYNAMODB_LOCAL)):
        folder = tmp_path / made.setting
        folder.mkdir()
        made_by(folder, made)
        with pytest.raises(StackError, match=f"JIFEN_ENGINE must be {made.setting}"):
            choose(settings(asked.setting), folder)
        assert choose(settings(made.setting), folder).kind is made


def test_data_of_two_engines_stops_the_start(tmp_path: Path) -> None:
    made_by(tmp_path, *KINDS)
    with pytest.raises(StackError, match="dynoxide or dynamodb-local"):
        choose(settings(), tmp_path)
    assert choose(settings(DYNOXIDE.setting), tmp_path).kind is DYNOXIDE


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(StackError, match="dynoxide or dynamodb-local, not postgres"):
        choose(settings("postgres"))
