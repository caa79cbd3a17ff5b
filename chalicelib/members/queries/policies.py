"""Reads of policies, and of what members agreed to."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import ConsentRequired, NotFound, or_not_found
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.recall import Recall
from chalicelib.kernel.store.tables import readable
from chalicelib.kernel.web.requests import Caller
from chalicelib.members import queries
from chalicelib.members.rules import policies as rules
from chalicelib.members.rules.policies import Edition, Policy, PolicyKind, Published
from chalicelib.members.tables.items import MEMBER
from chalicelib.members.tables.policies import (
    CONSENT,
    POLICIES,
    PUBLISHED,
    ConsentItem,
    PolicyItem,
    PublishedItem,
)

KEPT_S = 60
_recall: Recall[str, Published] = Recall(KEPT_S, 1)


def published_of_late() -> Published:
    """The published versions as they were a minute ago, at most."""
    found = _recall.get(PUBLISHED)
    if found is None:
        found = _published(consistent=False)
        _recall.keep(PUBLISHED, found)
    return found


def published_now() -> Published:
    """The published versions, read consistently."""
    found = _published(consistent=True)
    _recall.keep(PUBLISHED, found)
    return found


def _published(*, consistent: bool) -> Published:
    item = find_published_item(consistent=consistent)
    return item.published if item else Published()


def find_published_item(*, consistent: bool = True) -> PublishedItem | None:
    found: PublishedItem | None = PublishedItem.find(POLICIES, PUBLISHED, consistent=consistent)
    return found


def missing_consent(caller: Caller, now: datetime) -> ConsentRequired | None:
    """The refusal of a caller who has not agreed to the versions that count now.

    It reads nothing, but the published versions once in a minute, if the caller's token tells of
    the consent. Only then a refusal is certain that both are read anew.
    """
    now_ms = to_ms(now)
    published = published_of_late()
    if caller.consent is not None:
        if not rules.missing(published, rules.consent_in(caller.consent), now_ms):
            return None
    elif published == Published():
        return None
    found = queries.find_profile(caller.member_id)
    agreed = found.consent if found else None
    wanted = rules.missing(published_now(), agreed, now_ms)
    return ConsentRequired(**wanted) if wanted else None


def find_policy_item(policy_id: str) -> PolicyItem:
    """Raises NotFound."""
    found: PolicyItem | None = (
        PolicyItem.find(POLICIES, policy_id) if is_id("pol", policy_id) else None
    )
    return or_not_found(found)


def policies() -> list[PolicyItem]:
    """All versions of both policies, newest first: there are a few a year."""
    rows = readable(
        PolicyItem.query(POLICIES, PolicyItem.sk.startswith("pol_"), consistent_read=True)
    )
    return sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)


def policy_of(edition: Edition | None) -> Policy | None:
    """The policy of a published version."""
    return find_policy_item(edition.policy_id).policy if edition else None


def published_policy(kind: PolicyKind, name: str) -> Policy:
    """Raises NotFound unless a version of this name is published.

    A refusal may name one that this process has not heard of: it reads again.
    """
    for published in (published_of_late, published_now):
        for each in published().of(kind):
            if each.name == name:
                return or_not_found(policy_of(each))
    raise NotFound()


def consents(member_id: str) -> list[ConsentItem]:
    """What a member agreed to, newest first."""
    rows = ConsentItem.query(
        MEMBER + member_id, ConsentItem.sk.startswith(CONSENT), consistent_read=True
    )
    return sorted(readable(rows), key=lambda row: (row.created_at, row.id), reverse=True)
