"""A shop for each test."""

from __future__ import annotations

import pytest

from tests.api import Api
from tests.catalog.shop import Shop


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api)
