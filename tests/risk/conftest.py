"""Fixtures of the tests of risk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.risk.queries.rules import forget_rules
from chalicelib.risk.rules.scores import SUGGESTED, Published
from chalicelib.risk.tables import CURRENT, RULES, RulesItem
from tests.world import World


@pytest.fixture
def strict(world: World) -> Iterator[None]:
    """The suggested rules are published, and gone again after the test."""
    RulesItem.of(Published(SUGGESTED, 7, 0, "mbr_ops"), CURRENT).save()
    forget_rules()
    yield
    RulesItem(RULES, CURRENT).delete()
    forget_rules()
