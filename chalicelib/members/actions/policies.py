"""Writes of policies: drafted, changed while a draft, published once."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, NotAllowedInThisState, Stale
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads
from chalicelib.members.errors import PolicyVersionTaken
from chalicelib.members.queries import policies as queries
from chalicelib.members.rules.policies import Edition, Policy, Published, check_words
from chalicelib.members.tables.policies import POLICIES, PolicyItem, PublishedItem


def draft_policy(policy: Policy, audited: audit.Act, content: bytes) -> tuple[Policy, bool]:
    """Record a new version of a policy: (policy, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> Policy:
        check_words(policy)
        writes = WriteSet()
        writes.put_new(PolicyItem.of(policy, content), or_raise=IdempotencyKeyReused)
        audit.record_change(writes, audited, None, policy)
        writes.commit()
        return policy

    def find() -> Policy | None:
        item = replay_of(PolicyItem.find(POLICIES, policy.id), content)
        return item.policy if item else None

    return replay_outranks_refusal(write, find)


def change_policy(
    policy_id: str, changes: dict[str, object], version: int, act: audit.Act
) -> Policy:
    """Change a draft.

    Raises NotFound, Stale, NotAllowedInThisState, Invalid.
    """
    item = _draft(policy_id, version)
    changed = replace(item.policy, **changes, version=version + 1)
    check_words(changed)
    writes = WriteSet()
    _put(writes, item, changed)
    audit.record_change(writes, act, item.policy, changed)
    with_fresh_reads(writes.commit)
    return changed


def publish_policy(
    policy_id: str, effective_at: int | None, version: int, act: audit.Act, now: datetime
) -> tuple[Policy, bool]:
    """Publish a draft from `effective_at` (epoch ms) on, or from now: (policy, replayed).

    Raises NotFound, Stale, NotAllowedInThisState, PolicyVersionTaken, IdempotencyKeyReused.
    """

    def write() -> Policy:
        item = _draft(policy_id, version)
        begins = max(effective_at or 0, to_ms(now))
        changed = replace(item.policy, status="published", effective_at=begins, version=version + 1)
        writes = WriteSet()
        _put(writes, item, changed)
        _add_edition(writes, changed, begins)
        audit.record_change(writes, act, item.policy, changed)
        writes.commit()
        return changed

    done = audit.once(act, write, lambda: queries.find_policy_item(policy_id).policy)
    queries.published_now()
    return done


def _add_edition(writes: WriteSet, policy: Policy, begins: int) -> None:
    """Raises PolicyVersionTaken."""
    item = queries.find_published_item()
    known = item.published if item else Published()
    if any(each.name == policy.name for each in known.of(policy.kind)):
        raise PolicyVersionTaken()
    after = known.with_edition(policy.kind, Edition(policy.name, policy.id, begins))
    seen = item.version if item else 0
    writes.put(
        PublishedItem.of(after, seen + 1),
        condition=PublishedItem.version == seen if item else PublishedItem.pk.does_not_exist(),
    )


def _draft(policy_id: str, version: int) -> PolicyItem:
    """Raises NotFound, Stale, NotAllowedInThisState."""
    item = queries.find_policy_item(policy_id)
    if item.version != version:
        raise Stale()
    if item.policy.status != "draft":
        raise NotAllowedInThisState(state=item.policy.status)
    return item


def _put(writes: WriteSet, item: PolicyItem, changed: Policy) -> None:
    made = PolicyItem.of(changed, item.content)
    writes.put(made, condition=PolicyItem.version == item.version, or_raise=Stale)
