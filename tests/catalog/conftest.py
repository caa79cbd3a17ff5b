"""A shop for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.catalog.queries import offers
from tests.api import Api
from tests.catalog.shop import Shop


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)


@pytest.fixture
def forgetful() -> Iterator[None]:
    """A process that remembers nothing of shards."""
    offers._known.clear()
    yield
    offers._known.clear()
