"""Clients made of the published document by three generators: made, compiled and run.

Each program goes from login to an order, and sends a purchase as a partner.
docs/clients.md shows the same commands.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local import downloads
from infra.local.settings import REPOSITORY, from_environment
from tests.stack.mall import Mall, read

PROGRAMS = REPOSITORY / "tests/contract/clients"
TYPESCRIPT = ("openapi-typescript/bin/cli.js", "@hey-api/openapi-ts/bin/run.js")
EARNED, PRICE = 1000, 300


def ran(*command: str | Path, folder: Path, **environment: str) -> str:
    """The output of a successful command."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def tool(name: str) -> Path:
    return Path(sys.executable).with_name(name)


def check_no_warning(said: str) -> None:
    assert "warn" not in said.lower(), said


@pytest.fixture(scope="module")
def document(mall: Mall, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_bytes(mall.get("/openapi.json").content)
    return path


@pytest.fixture(scope="module")
def packages() -> Path:
    return downloads.npm_packages(PROGRAMS, from_environment().cache)


@pytest.fixture(scope="module")
def typescript(document: Path, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two TypeScript programs, compiled with their generated clients."""
    folder = tmp_path_factory.mktemp("typescript")
    shutil.copytree(PROGRAMS / "typescript", folder, dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(packages)
    (folder / "package.json").write_text('{"type": "commonjs"}')
    types, hey = (packages / each for each in TYPESCRIPT)
    node = downloads.node()
    check_no_warning(ran(node, types, document, "-o", "schema.d.ts", folder=folder))
    check_no_warning(ran(node, hey, "-i", document, "-o", "hey", folder=folder))
    assert ran(node, packages / "typescript/bin/tsc", "-p", ".", folder=folder) == ""
    return folder


@pytest.fixture(scope="module")
def python(document: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python program beside the package that was generated for it."""
    folder = tmp_path_factory.mktemp("python")
    shutil.copytree(PROGRAMS / "python", folder, dirs_exist_ok=True)
    said = ran(
        tool("openapi-python-client"),
        "generate",
        "--path",
        document,
        "--fail-on-warning",
        "--config",
        "openapi-python-client.yaml",
        folder=folder,
    )
    check_no_warning(said)
    # The package's name comes of the document's title.
    (folder / "jifen-client" / "jifen_client").rename(folder / "jifen_client")
    return folder


@pytest.fixture(scope="module")
def sku(mall: Mall) -> str:
    """The code of goods that a list with filters finds: the index has them."""
    made = mall.sku(kind="virtual", points=PRICE, stock=10)
    mall.drain()
    return made


def check_ordered(mall: Mall, said: str) -> None:
    """The program's order is the mall's, and its points were earned and spent."""
    told = json.loads(said)
    assert told == {
        "earned": EARNED,
        "quoted": PRICE,
        "points": PRICE,
        "status": "completed",
        "id": told["id"],
    }
    shown = read(mall.get(f"/v1/admin/orders/{told['id']}", as_=mall.staff()))
    assert (shown["id"], shown["points"]) == (told["id"], PRICE)


def asked(mall: Mall) -> dict[str, str]:
    """A program's environment: the mall, the demo shop, somebody who never logged in."""
    partner = mall.partner
    return {
        "MALL": mall.url,
        "PHONE": mall.new_phone(),
        "PARTNER": partner["id"],
        "SECRET": partner["secret"],
    }


@pytest.mark.parametrize("program", ["fetch", "hey-api"])
def test_a_typescript_client_compiles_and_orders(
    mall: Mall, typescript: Path, sku: str, program: str
) -> None:
    built = typescript / "built" / f"{program}.js"
    check_ordered(mall, ran(downloads.node(), built, folder=typescript, **asked(mall)))


def test_a_python_client_is_typed_and_orders(mall: Mall, python: Path, sku: str) -> None:
    checked = ran(tool("mypy"), "--strict", "--no-incremental", "shop.py", folder=python)
    assert checked.startswith("Success")
    check_ordered(mall, ran(sys.executable, "shop.py", folder=python, **asked(mall)))


def test_the_lock_of_the_generators_names_no_registry() -> None:
    for folder in (REPOSITORY, PROGRAMS):
        lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
        wanted = json.loads((folder / "package.json").read_text("utf-8"))
        versions = {**wanted.get("dependencies", {}), **wanted.get("devDependencies", {})}
        for name, package in lock["packages"].items():
            assert "resolved" not in package, name
            assert not name or package["integrity"].startswith("sha512-")
        assert {
            name: lock["packages"][f"node_modules/{name}"]["version"] for name in versions
        } == versions


def test_docs_clients_shows_the_tested_settings() -> None:
    shown = (REPOSITORY / "docs/clients.md").read_text("utf-8")
    settings = shown.split("```yaml\n")[1].split("```")[0].splitlines()
    tried = (PROGRAMS / "python/openapi-python-client.yaml").read_text("utf-8").splitlines()
    assert set(settings) <= set(tried)
    assert all(each.split("/bin/")[0] in shown for each in TYPESCRIPT)
