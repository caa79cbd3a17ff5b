"""Members to tell, whose contacts a test may set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.kernel import ids
from chalicelib.notify import actions
from tests.notify.telling import Contact


@pytest.fixture
def contacts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Contact]:
    """Contacts by member id; a member that is not in it has a phone and speaks Chinese."""
    known: dict[str, Contact] = {}
    look_up: Callable[[str], Any] = lambda member_id: known.get(member_id, Contact())  # noqa: E731
    monkeypatch.setattr(actions, "contact_of", look_up)
    return known


@pytest.fixture
def member(contacts: dict[str, Contact]) -> str:
    return ids.new_id("mbr")
