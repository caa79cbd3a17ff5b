"""Published rules of risk: each version is kept."""

from __future__ import annotations

from datetime import datetime

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Stale
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.risk.queries.rules import forget_rules, published_rules
from chalicelib.risk.rules.scores import Published, RiskRules, check_rules
from chalicelib.risk.tables import CURRENT, RulesItem


def publish(terms: RiskRules, version: int, act: Act, now: datetime) -> Published:
    """Publish the version of the rules after `version`: in force within a minute.

    Raises Invalid, Stale.
    """
    check_rules(terms)

    def write() -> Published:
        seen = published_rules()
        if seen.version != version:
            raise Stale()
        after = Published(terms, version + 1, to_ms(now), act.actor.member_id)
        writes = WriteSet()
        same = RulesItem.version == version if version else RulesItem.pk.does_not_exist()
        writes.put(RulesItem.of(after, CURRENT), condition=same, or_raise=Stale)
        writes.put(RulesItem.of(after, RulesItem.sort_key(after.version)))
        audit.record_change(writes, act, seen.terms, terms)
        writes.commit()
        return after

    made = with_fresh_reads(write)
    forget_rules()
    return made
