"""Reads of the published rules."""

from __future__ import annotations

from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.recall import Recall
from chalicelib.risk.rules.scores import BUILT_IN, Published
from chalicelib.risk.tables import CURRENT, RULES, RulesItem

_known: Recall[str, Published] = Recall(kept_s=60, most=1)


def published_rules() -> Published:
    """The published rules as they are now, or the built-in ones."""
    found: Published | None = RulesItem.find_value(RULES, CURRENT)
    return found or BUILT_IN


def rules_of_version(version: int) -> Published:
    """Raises NotFound."""
    if version == BUILT_IN.version:
        return BUILT_IN
    found: Published | None = RulesItem.find_value(RULES, RulesItem.sort_key(version))
    return or_not_found(found)


def rules_in_force() -> Published:
    """The rules by which members are scored; a process reads them once a minute."""
    known = _known.get(CURRENT)
    if known is None:
        known = published_rules()
        _known.keep(CURRENT, known)
    return known


def forget_rules() -> None:
    """Read the published rules again at their next use in this process."""
    _known.clear()
