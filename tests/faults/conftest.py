"""Fixtures of faults: the scene, set once for each file, and a clock that stands still."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from chalicelib.kernel import secrets
from chalicelib.payments.actions import provider
from tests.api import Api
from tests.conftest import SECRETS
from tests.faults import buyers
from tests.faults.moments import standing_still
from tests.faults.provider import THERE, gateway
from tests.faults.savepoint import Savepoint
from tests.faults.scene import Scene, set_scene
from tests.faults.wire import tapped
from tests.world import World


@pytest.fixture(scope="module")
def scene(engine: str) -> Iterator[Scene]:
    """The scene: each test's changes are undone, and the scene itself at the end, so that sweeps
    of other tests do not find its orders."""
    with pytest.MonkeyPatch.context() as patch, standing_still(), tapped(THERE.answer):
        patch.setattr(secrets, "_secret", SECRETS.__getitem__)
        patch.setattr(provider, "gateway", gateway)
        with Savepoint():
            yield set_scene(World(Api()))


@pytest.fixture(scope="session")
def members(engine: str) -> list[str]:
    """The members of crowds in processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "_secret", SECRETS.__getitem__)
        return buyers.gather(World(Api()))


@pytest.fixture
def stage(scene: Scene) -> Iterator[Scene]:
    """The scene, for one test."""
    with Savepoint():
        yield scene


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Callable[[str, str, int], None]:
    """Counts the cases of a test, by kind."""

    def say(what: str, of: str, number: int) -> None:
        assert number > 0, f"{of}: nothing was tried"
        record_property(f"faults: {what}", number)
        sys.stdout.write(f"{of}: {number} {what}\n")

    return say
