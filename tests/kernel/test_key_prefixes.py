"""Keys that begin with something: dynoxide takes `a` for `A` there, so a variable is a risk."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

CHALICELIB = Path(__file__).parents[2] / "chalicelib"
# Each of them, or its only caller, leaves out of the answer whatever only begins alike.
FILTERED = {
    "earning/queries/events.py:refunds_waiting_for",
    "ledger/queries/accounts.py:find_entries",
}
# No letter follows what it begins with: a month, in digits.
IN_DIGITS = {"tiers/queries.py:sums_of", "tiers/queries.py:activities_of_month"}
# It begins with an id of ours: all letters of ids are small.
IDS = {"earning/actions/replays.py:_delete", "campaigns/queries/lotteries.py:draws_of"}
# It is handed constants.
HANDED_CONSTANTS = {"members/queries/__init__.py:_rows"}


def _reads_by_a_variable(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if (beginning := _beginning_of_a_key(node)) and not _is_constant(beginning):
                yield f"{path.relative_to(CHALICELIB)}:{function.name}"


def _beginning_of_a_key(node: ast.AST) -> ast.expr | None:
    """Whether it is a condition on a key such as `OrderItem.sk.startswith(…)`."""
    match node:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=owner)), attr="startswith" | "begins_with"
            ),
            args=[beginning],
        ) if owner in {"model", "cls"} or owner.endswith("Item"):
            return beginning
    return None


def _is_constant(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def test_no_read_relies_on_the_engine_for_a_variable_key_prefix() -> None:
    found = {each for path in CHALICELIB.rglob("*.py") for each in _reads_by_a_variable(path)}
    assert found == FILTERED | IN_DIGITS | IDS | HANDED_CONSTANTS
