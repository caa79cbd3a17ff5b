"""The packaged template of a stage, as `make package` writes it, without building its code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.permissions import Guard
from tests.infra.templates import Packaged, translate

ROOT = Path(__file__).parents[2]
# The repository has placeholder settings: stages other than dev are given real ones.
SENDER = "mall@jifen-mall.cn"


def packaged(stage: str, out: Path, *options: str) -> Packaged:
    # In a process of its own: the application takes its stage's names when it is imported.
    environment = {name: value for name, value in os.environ.items() if name[:6] != "JIFEN_"}
    command = [sys.executable, "-m", "infra.deploy", "--stage", stage, "--template-only"]
    subprocess.run([*command, "--out", str(out), *options], cwd=ROOT, env=environment, check=True)
    text = (out / "sam.yaml").read_text("utf-8")
    # The loader in C: the other takes a second for it.
    return Packaged(out / "sam.yaml", yaml.load(text, Loader=yaml.CSafeLoader))


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    return packaged("dev", tmp_path_factory.mktemp("dev"))


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Packaged:
    return packaged("prod", tmp_path_factory.mktemp("prod"), "--sender", SENDER)


@pytest.fixture(scope="session")
def deployed(dev: Packaged) -> dict[str, Any]:
    """The dev stage's resources as CloudFormation gets them: nothing serverless is left."""
    resources: dict[str, Any] = translate(dev.template)["Resources"]
    return resources


@pytest.fixture
def guard(dev: Packaged, monkeypatch: pytest.MonkeyPatch) -> Guard:
    return Guard(dev, monkeypatch)
