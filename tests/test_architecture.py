"""The layout and the style of the project, held by tests: sizes, names, who reads what."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("app.py", "chalicelib", "infra", "tests")
CODE_SUFFIXES = {".py", ".js", ".css", ".html", ".sh"}
NOT_OURS = {"node_modules", "__pycache__", "scalar.js"}
LAYERS = {
    name: height
    for height, names in enumerate(
        (
            ["errors"],
            ["rules"],
            ["facts"],
            ["tables"],
            ["queries"],
            ["actions"],
            ["routes", "events"],
        )
    )
    for name in names
}
EMPTY_NAMES = {"utils", "helpers", "common", "manager", "base", "misc", "lib", "shared", "stuff"}
MONEY_AND_POINTS = ("ledger", "orders", "catalog", "earning")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|NotImplemented" r"Error)\b")


def _files() -> Iterator[Path]:
    for name in OURS:
        root = ROOT / name
        for path in [root] if root.is_file() else sorted(root.rglob("*")):
            if path.suffix in CODE_SUFFIXES and not NOT_OURS & set(path.parts):
                yield path


CODE = list(_files())
PYTHON = [path for path in CODE if path.suffix == ".py"]
CHALICELIB = [path for path in PYTHON if path.is_relative_to(ROOT / "chalicelib")]
CONTEXTS = sorted(
    path for path in (ROOT / "chalicelib").iterdir() if path.is_dir() and path.name[0].isalpha()
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_files_are_short(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) < 300
    assert [number for number, line in enumerate(lines, 1) if len(line) > 100] == []


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 >= 40
    ]
    assert long == []


def test_no_module_has_an_empty_name() -> None:
    named = [path for path in CODE if {*path.parts[:-1], path.stem} & EMPTY_NAMES]
    assert [name_of(path) for path in named if path.is_relative_to(ROOT)] == []


def test_nothing_is_left_unfinished() -> None:
    texts = {path: path.read_text("utf-8") for path in CODE}
    texts |= {path: path.read_text("utf-8") for path in ROOT.glob("docs/**/*.md")}
    assert [name_of(path) for path, text in texts.items() if UNFINISHED.search(text)] == []


def test_one_file_reads_the_environment() -> None:
    readers = {
        name_of(path)
        for path in [*CHALICELIB, ROOT / "app.py"]
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"})
        or (isinstance(node, ast.alias) and node.name in {"environ", "getenv"})
    }
    assert readers == {"chalicelib/kernel/config.py"}


def _counts_money_or_points(path: Path) -> bool:
    parts = path.relative_to(ROOT / "chalicelib").parts
    return parts[0] in MONEY_AND_POINTS or path.stem in {"rules", "money"} or "rules" in parts


@pytest.mark.parametrize(
    "path", [path for path in CHALICELIB if _counts_money_or_points(path)], ids=name_of
)
def test_points_and_money_are_never_floats(path: Path) -> None:
    floats = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    ]
    assert floats == []


def _own_imports(path: Path, context: str) -> set[str]:
    """The modules of its own context that a file imports at its top, by their first name."""
    prefix = f"chalicelib.{context}."
    found: set[str] = set()
    for node in tree_of(path).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            if f"{node.module}." == prefix:
                found.update(alias.name for alias in node.names)
            elif node.module.startswith(prefix):
                found.add(node.module.removeprefix(prefix).partition(".")[0])
    return found


@pytest.mark.parametrize("context", CONTEXTS, ids=name_of)
def test_a_context_looks_only_downwards(context: Path) -> None:
    upwards = []
    for path in context.rglob("*.py"):
        own = path.relative_to(context).parts[0].removesuffix(".py")
        for other in _own_imports(path, context.name):
            if LAYERS.get(other, -1) > LAYERS.get(own, 9):
                upwards.append(f"{own} imports {other}")
    assert upwards == []


@pytest.mark.parametrize("context", CONTEXTS, ids=name_of)
def test_no_two_files_of_a_context_import_each_other(context: Path) -> None:
    imports = {
        path.stem: _own_imports(path, context.name) - {path.stem}
        for path in context.glob("*.py")
        if path.stem != "__init__"
    }
    ordered: set[str] = set()
    while free := {name for name, needs in imports.items() if needs & set(imports) <= ordered}:
        ordered |= free
        imports = {name: needs for name, needs in imports.items() if name not in free}
    assert imports == {}


@pytest.mark.parametrize(
    "path",
    [path for path in CHALICELIB if path.stem == "views" or path.stem.endswith("_views")],
    ids=name_of,
)
def test_views_read_nothing(path: Path) -> None:
    context = path.relative_to(ROOT / "chalicelib").parts[0]
    assert _own_imports(path, context) & {"queries", "actions", "tables"} == set()


def test_the_import_contract_names_every_context() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {part.strip() for layer in layers for part in re.split(r"[:|]", layer)}
    assert named == {f"chalicelib.{path.name}" for path in CONTEXTS}


def test_the_version_is_the_projects() -> None:
    from chalicelib import VERSION

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == VERSION


def test_deployed_code_names_no_path_or_host_of_this_machine() -> None:
    local = re.compile(r"127\.0\.0\.1|localhost|/_local|/home/|/tmp/")
    named = [path for path in CHALICELIB if local.search(path.read_text("utf-8"))]
    assert [name_of(path) for path in named] == []


def _private_parts_of_others(path: Path) -> set[str]:
    """The private names that a file uses and does not define, but those of named tuples.

    It defines what it assigns to `self` or `cls`, unless it copies that from another, and names; it
    does not define what it assigns to another.
    """
    nodes = list(ast.walk(tree_of(path)))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    used |= {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    copied: set[str] = set()
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                own.add(name)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                own.add(name)
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Attribute(attr=other)):
                copied |= {name} & {other}
    private = {name for name in used if name.startswith("_") and not name.endswith("__")}
    return private - (own - copied) - {"_asdict", "_fields", "_replace"}


def test_private_parts_of_a_library_are_used_in_one_file_for_each() -> None:
    """One file for PynamoDB and one for botocore: docs/decisions/ gives the reasons."""
    found = {name_of(path): _private_parts_of_others(path) for path in CHALICELIB}
    assert {path: names for path, names in found.items() if names} == {
        "chalicelib/kernel/store/tables.py": {"_connection", "_tables"},
        "chalicelib/kernel/transport/__init__.py": {
            "_endpoint",
            "_make_api_call",
            "_needs_retry",
            "_request_signer",
            "_response_parser_factory",
            "_ruleset_resolver",
            "_serializer",
            "_user_agent_creator",
        },
        "chalicelib/kernel/transport/sockets.py": {"_verify"},
    }
    definitions = [
        ast.unparse(node)
        for path in CHALICELIB
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and node.name == "Meta"
    ]
    shared = len(definitions) - len(set(definitions))
    assert shared == 2, "one for each table; two share payments, and two members"


def test_a_start_does_not_load_heavy_libraries() -> None:
    code = (
        "import sys, app; heavy = {'stripe', 'xlsxwriter', 'boto3', 'cryptography'}"
        "; found = heavy & sys.modules.keys(); assert not found, found"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


TESTS = [path for path in PYTHON if path.is_relative_to(ROOT / "tests")]
TESTS_OF_RULES = [
    path
    for path in TESTS
    if path.name.startswith("test_") and ("rules" in path.parts or path.stem.endswith("rules"))
]


@pytest.mark.parametrize("context", CONTEXTS, ids=name_of)
def test_a_context_has_a_folder_of_tests(context: Path) -> None:
    assert list((ROOT / "tests" / context.name).glob("test_*.py")) != []


@pytest.mark.parametrize("path", TESTS_OF_RULES, ids=name_of)
def test_tests_of_rules_are_marked_pure(path: Path) -> None:
    assert "pytestmark = pytest.mark.pure" in path.read_text("utf-8").splitlines()


def test_no_file_imports_from_a_file_of_tests() -> None:
    importers = {
        name_of(path)
        for path in TESTS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom | ast.Import)
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        if name and any(part.startswith("test_") for part in name.split("."))
    }
    assert importers == set()
