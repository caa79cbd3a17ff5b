"""Settings come from the given environment, and invalid ones are named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from chalicelib.kernel.config import Config, UnknownSetting, read
from chalicelib.kernel.settings import Settings, variable_of
from infra.docs.settings import settings_table

ROOT = Path(__file__).parents[2]


def _names(section: type[Settings] = Config) -> Iterator[str]:
    for field in msgspec.structs.fields(section):
        if isinstance(field.default, Settings):
            yield from _names(type(field.default))
        else:
            yield field.name


@pytest.mark.parametrize(
    ("given", "language"), [({}, "zh-CN"), ({"JIFEN_BOOKS_LANGUAGE": "en"}, "en")]
)
def test_every_setting_is_read_from_the_given_environment(
    given: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read({"JIFEN_STAGE": "prod", **given})
    assert (settings.stage, settings.finance.books_language) == ("prod", language)
    monkeypatch.setenv("JIFEN_BOOKS_LANGUAGE", "fr")
    assert read({"JIFEN_STAGE": "prod", **given}) == settings


def test_a_list_of_days_may_have_spaces() -> None:
    assert read({"JIFEN_STAGE": "dev", "JIFEN_REMINDER_DAYS": "14, 3"}).ledger.reminder_days == (
        14,
        3,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("JIFEN_BOOKS_LANGUAGE", "fr"),
        ("JIFEN_TIME_ZONE", "Mars/Olympus"),
        ("JIFEN_CASH_MINIMUM", "-1"),
        ("JIFEN_CASH_MINIMUM", "4.5"),
        ("JIFEN_CASH_MINIMUM", ""),
        ("JIFEN_REMINDER_DAYS", "30,soon"),
    ],
)
def test_an_invalid_value_is_refused_by_the_name_of_its_setting(variable: str, value: str) -> None:
    with pytest.raises(UnknownSetting, match=f"{variable}: "):
        read({"JIFEN_STAGE": "prod", variable: value})


def test_no_two_contexts_share_the_name_of_a_setting() -> None:
    names = list(_names())
    assert len(names) == len(set(names))


def test_defaults_are_written_in_the_code_only() -> None:
    written = json.loads((ROOT / ".chalice/config.json").read_text("utf-8"))
    known = {variable_of(name) for name in _names()}
    assert known & written["environment_variables"].keys() == set()
    stages = [stage.get("environment_variables", {}) for stage in written["stages"].values()]
    given = {name for stage in stages for name in stage if name.startswith("JIFEN_")}
    assert given <= known


def test_the_document_lists_every_setting() -> None:
    text = settings_table()
    assert (ROOT / "docs/settings.md").read_text("utf-8") == text
    assert [name for name in _names() if f"`{variable_of(name)}`" not in text] == []
