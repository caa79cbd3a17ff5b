"""Freezing: who may spend, and which change of a status is one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.ledger.errors import AccountFrozen
from chalicelib.ledger.rules import ACTIVE, FROZEN
from chalicelib.ledger.rules.freezing import BY_RISK, BY_STAFF, check_active, check_status_changes
from tests.ledger.rules.making import account_with

pytestmark = pytest.mark.pure


def test_a_frozen_account_cannot_spend() -> None:
    account = account_with({60: 7})
    check_active(account)
    with pytest.raises(AccountFrozen):
        check_active(replace(account, status=FROZEN))


@pytest.mark.parametrize(("status", "said"), [(ACTIVE, "Active"), (FROZEN, "Frozen")])
def test_accounts_get_no_status_that_they_have(status: str, said: str) -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        check_status_changes(status, status, BY_STAFF)
    assert refused.value.facts["status"] == status
    assert said in refused.value.detail("en")


def test_accounts_are_frozen_and_unfrozen() -> None:
    check_status_changes(ACTIVE, FROZEN, BY_RISK)
    check_status_changes(FROZEN, ACTIVE, BY_STAFF)
    check_status_changes(FROZEN, ACTIVE, None)


def test_what_a_case_froze_is_not_unfrozen_by_hand() -> None:
    with pytest.raises(NotAllowedInThisState) as refused:
        check_status_changes(FROZEN, ACTIVE, BY_RISK)
    assert "Decide the case" in refused.value.detail("en")
