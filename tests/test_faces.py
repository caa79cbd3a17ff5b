"""A face names what others use of a context: each name can be loaded, and none is idle."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FACES = {path.parent.name: path for path in sorted(ROOT.glob("chalicelib/*/__init__.pyi"))}
USERS = [
    ROOT / "app.py",
    *(path for name in ("chalicelib", "infra") for path in sorted((ROOT / name).rglob("*.py"))),
]


def _names(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) of all that a file takes out of modules, by import or by a dot."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module)):
                yield from ((module, alias.name) for alias in node.names)
            case ast.Attribute(value=ast.Name(id=name)):
                yield f"chalicelib.{name}", node.attr


def _used_outside(path: Path) -> set[tuple[str, str]]:
    """What a file takes out of modules, but for the face of its own context."""
    own = ".".join(path.relative_to(ROOT).parts[:2])
    return {(module, name) for module, name in _names(path) if module != own}


def test_every_name_on_a_face_can_be_loaded() -> None:
    """A face loads a name at its first use: a wrong one would fail only then."""
    named = 0
    for context in FACES:
        face = importlib.import_module(f"chalicelib.{context}")
        named += len([getattr(face, name) for name in dir(face) if name[0] != "_"])
    assert named > 150


def test_every_name_on_a_face_is_used_outside_its_context() -> None:
    """Another context or a tool uses each name: tests may import the module itself."""
    used = {each for path in USERS for each in _used_outside(path)}
    faces = {
        (f"chalicelib.{context}", node.names[0].name)
        for context, path in FACES.items()
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ImportFrom)
    }
    assert faces - used == set()
