"""`# fmt: skip` stands at tables only, as CONTRIBUTING.md says; all else is the formatter's."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = [
    path
    for name in ("app.py", "chalicelib", "infra", "tests")
    for path in ([ROOT / name] if name.endswith(".py") else sorted((ROOT / name).rglob("*.py")))
    if not {"node_modules", "__pycache__"} & set(path.parts)
]
MARK = "# fmt: skip"
BRACKETS, ROWS = 2, 3
LITERALS = (ast.Dict, ast.List, ast.Set, ast.Tuple)


def _is_literal(value: ast.expr | None) -> bool:
    """Whether a value is written out: as a literal, or as a call or a union of literals."""
    match value:
        case ast.BinOp():
            return _is_literal(value.left) or _is_literal(value.right)
        case ast.Subscript():
            return isinstance(value.slice, ast.Tuple)
        case ast.Call():
            return any(isinstance(each, LITERALS) for each in value.args)
    return isinstance(value, LITERALS)


def _tables(tree: ast.Module) -> set[int]:
    """The last lines of the tables at the top of a module: declarations and constants."""
    declarations: list[ast.expr | ast.stmt] = [
        decorator
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
    ]
    constants = [
        node
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_literal(node.value)
    ]
    return {
        node.end_lineno
        for node in [*declarations, *constants]
        if node.end_lineno and node.end_lineno - node.lineno + 1 >= ROWS + BRACKETS
    }


def misplaced(text: str) -> list[int]:
    """The lines of the marks that end no table, and of those that are no `# fmt: skip`."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    marks = {
        token.start[0]: token.string
        for token in tokens
        if token.type == tokenize.COMMENT and token.string.startswith(("# fmt:", "# yapf:"))
    }
    tables = _tables(ast.parse(text))
    return [line for line, mark in marks.items() if mark != MARK or line not in tables]


def test_a_mark_stands_at_a_table_only() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in PYTHON}
    marked = {name: misplaced(text) for name, text in texts.items() if "# fmt:" in text}
    assert {name: lines for name, lines in marked.items() if lines} == {}


ROWS_OF = "\n    1, 2,\n    3, 4,\n    5, 6,\n"


@pytest.mark.parametrize(
    "table",
    [
        f"A = ({ROWS_OF})",
        f"A: list[int] = [{ROWS_OF}]",
        f"A = B | {{{ROWS_OF}}}",
        f"A = Literal[{ROWS_OF}]",
        "A = Sheet(\n    'a',\n    (1, 2),\n    (3, 4),\n)",
        f"@route({ROWS_OF})  {MARK}\ndef view(): ...\n\nB = [{ROWS_OF}]",
    ],
)
def test_a_mark_at_a_table_is_allowed(table: str) -> None:
    assert misplaced(f"{table}  {MARK}\n") == []


@pytest.mark.parametrize(
    "other",
    [
        "A = (\n    1, 2,\n    3, 4,\n)",
        f"f({ROWS_OF})",
        f"A = f({ROWS_OF})",
        f"def f():\n    a = [{ROWS_OF}]",
        f"def f():\n    return [{ROWS_OF}]",
        f"assert a == [{ROWS_OF}]",
        "def f(\n    a, b,\n    c, d,\n    e,\n): ...",
        "A = [\n    a for a in b\n    if a\n    if b\n]",
    ],
)
def test_a_mark_elsewhere_is_found(other: str) -> None:
    assert misplaced(f"{other}  {MARK}\n") == [other.count("\n") + 1]


def test_the_formatter_is_never_turned_off() -> None:
    assert misplaced(f"# fmt: off\nA = ({ROWS_OF})  {MARK}\n# fmt: on\n") == [1, 7]
