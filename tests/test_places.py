"""The table of acts in CONTRIBUTING.md: each file is there, and has the name beside it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
LAYERS = ({"rules"}, {"actions"}, {"routes", "events"})
_PLACE = re.compile(r"`(?P<path>[a-z_/]+\.py)` `(?P<name>\w+)`")


def _places() -> dict[str, list[tuple[str, str]]]:
    """(file, name) of the rule, of the write and of the start of each act."""
    rows = [line.strip("|").split("|") for line in TEXT.splitlines() if line.startswith("| ")]
    acts = {act.strip(): _PLACE.findall("|".join(places)) for act, *places in rows}
    return {act: places for act, places in acts.items() if act != "act"}


PLACES = _places()


def test_the_table_shows_a_dozen_acts_in_every_context_that_has_some() -> None:
    assert len(PLACES) >= 12
    shown = {path.partition("/")[0] for places in PLACES.values() for path, _ in places}
    contexts = "members ledger catalog earning payments withdrawals orders finance"
    assert shown >= set(contexts.split())


@pytest.mark.parametrize("act", PLACES)
def test_an_acts_rule_write_and_start_are_where_the_table_says(act: str) -> None:
    places = PLACES[act]
    assert len(places) == len(LAYERS)
    for (path, name), layers in zip(places, LAYERS, strict=True):
        file = ROOT / "chalicelib" / path
        assert path.removesuffix(".py").split("/")[1] in layers, path
        tree = ast.parse(file.read_text("utf-8"))
        defined = {
            node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        assert name in defined, f"{path} has no {name}"


def _nouns(places: list[tuple[str, str]]) -> set[str]:
    """The nouns by which the files of an act are named; `admin` and `events` are none."""
    return {Path(path).stem for path, _ in places} - {"admin", "events"}


def test_an_act_has_one_noun_unless_the_text_names_it() -> None:
    (named,) = re.findall(r"nouns of these acts differ: ([^.]+)\.", " ".join(TEXT.split()))
    differing = {act for act, places in PLACES.items() if len(_nouns(places)) > 1}
    assert set(re.split(r", | and ", named)) == differing
