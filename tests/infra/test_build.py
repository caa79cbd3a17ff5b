"""Packaging a stage for real: the wheels for Lambda's machine, the code, the same template."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app import app
from infra.deploy.errors import PackagingFailed
from infra.deploy.layer import MACHINES, check_layer
from infra.local.downloads import VIEWER
from tests.infra.conftest import ROOT
from tests.infra.templates import Packaged


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of `make package`; the layer is kept until requirements.txt changes."""
    out = tmp_path_factory.mktemp("built")
    environment = {name: value for name, value in os.environ.items() if name[:6] != "JIFEN_"}
    command = [sys.executable, "-m", "infra.deploy", "--stage", "dev", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return out


def test_a_build_has_the_template_of_the_other_tests(built: Path, dev: Packaged) -> None:
    assert (built / "sam.yaml").read_text("utf-8") == dev.path.read_text("utf-8")


def test_the_code_archive_holds_the_application_and_the_runtime_of_chalice(built: Path) -> None:
    names = set(zipfile.ZipFile(built / "deployment.zip").namelist())
    docs = ("page.html", "start.js", "scalar.js", "zh-CN.json")
    wanted = {"app.py", "chalice/app.py", *(f"chalicelib/kernel/web/docs/{name}" for name in docs)}
    wanted |= {str(path.relative_to(ROOT)) for path in (ROOT / "chalicelib").rglob("*.py")}
    assert wanted <= names
    assert {name.split("/")[0] for name in names} == {
        "__pycache__",
        "app.py",
        "chalice",
        "chalicelib",
    }
    wanted = {str(path.relative_to(ROOT)) for path in (ROOT / "chalicelib").rglob("*.pyi")}
    assert wanted <= names, "a face loads what its stub names"
    assert {name for name in names if name[:11] == "__pycache__"} == {
        f"__pycache__/app.{sys.implementation.cache_tag}.pyc"
    }


def test_the_packaged_viewer_is_the_one_of_the_lock(built: Path) -> None:
    found = zipfile.ZipFile(built / "deployment.zip").read("chalicelib/kernel/web/docs/scalar.js")
    assert found == (ROOT / "node_modules" / VIEWER).read_bytes()


def test_the_archives_hold_unchecked_bytecode(built: Path) -> None:
    for archive, module in (("deployment", "app"), ("layer-deployment", "pynamodb/models")):
        packed = zipfile.ZipFile(built / f"{archive}.zip")
        names = packed.namelist()
        sources = [name for name in names if name.endswith(f"{module}.py")]
        assert sources
        for source in sources:
            folder, _, name = source.rpartition("/")
            cached = f"{folder}/__pycache__/".lstrip("/") + name.replace(
                ".py", f".{sys.implementation.cache_tag}.pyc"
            )
            # Source: PEP 552, the flags after the magic number; 1 is a hash, unchecked.
            assert packed.read(cached)[4:8] == b"\x01\0\0\0"
            assert packed.getinfo(cached).date_time == (1980, 1, 1, 0, 0, 0)


def test_the_packaged_index_finds_the_blueprint_of_each_path(built: Path) -> None:
    packed = zipfile.ZipFile(built / "deployment.zip")
    found = json.loads(packed.read("chalicelib/kernel/web/routes.json"))
    assert found == app.complete().places
    assert set(found) == set(app.routes)


def test_a_layer_without_a_requirement_is_refused(tmp_path: Path) -> None:
    layer, requirements = tmp_path / "layer.zip", tmp_path / "requirements.txt"
    with zipfile.ZipFile(layer, "w") as archive:
        archive.writestr("python/lib/python3.11/site-packages/a_b-1.0.dist-info/METADATA", "")
    requirements.write_text("# what Lambda gets\nA.b==1.0\nother==2\n")
    with pytest.raises(PackagingFailed, match="no wheels of other for arm64"):
        check_layer(layer, requirements, "arm64")
    requirements.write_text("A.b==1.0\n")
    check_layer(layer, requirements, "arm64")


def test_a_layer_for_another_machine_is_refused(tmp_path: Path) -> None:
    layer, requirements = tmp_path / "layer.zip", tmp_path / "requirements.txt"
    requirements.write_text("")
    with zipfile.ZipFile(layer, "w") as archive:
        header = b"\x7fELF".ljust(18, b"\0") + MACHINES["x86_64"].to_bytes(2, "little")
        archive.writestr("python/fast.abi3.so", header)
    with pytest.raises(PackagingFailed, match=r"fast\.abi3\.so is not for arm64"):
        check_layer(layer, requirements, "arm64")
    check_layer(layer, requirements, "x86_64")
