"""Acts of ops and members that change no points by themselves: rules, tiers, policies, identities,
exports and the closing of accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from chalicelib.earning.actions import rules as earning_rules
from chalicelib.earning.queries import rules as rule_queries
from chalicelib.earning.rules.definitions import RuleChange, RuleDraft, RuleEffect, RuleTitle
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.members import queries as members
from chalicelib.members.actions import externals, identities, policies, registrations
from chalicelib.members.queries import destination_of
from chalicelib.members.rules.policies import Policy, TextOfPolicy, TitleOfPolicy
from chalicelib.members.tables.items import ProfileItem
from chalicelib.privacy.actions import erasure, exports
from chalicelib.tiers import queries as tiers
from chalicelib.tiers.actions import judging, ladders, reviews
from chalicelib.tiers.actions.standings import record_activity
from chalicelib.tiers.rules.ladder import BUILT_IN, Benefits, LadderDraft
from chalicelib.tiers.rules.standing import Sums
from chalicelib.tiers.tables import StandingItem
from tests.faults.scene import Scene
from tests.faults.staff_acts import act_of

SOON = timedelta(seconds=tiers.KEPT_S + 1)
GIFTS = replace(
    BUILT_IN, levels=[replace(BUILT_IN.levels[0], benefits=Benefits(birthday_points=70))]
)
# Gold for 600 yuan.
LOWER = LadderDraft(
    levels=[BUILT_IN.levels[0], replace(BUILT_IN.levels[2], thresholds={"spend": 60_000})]
)
RULE = RuleDraft(
    title=RuleTitle("任", "Any"), event="custom.faults", effect=RuleEffect(fixed=9), budget=90
)


def _rule(scene: Scene) -> str:
    return ids.derived_id("rul", scene.key, "office")


def be_drafted(scene: Scene) -> None:
    act = act_of(scene, "draft a rule", "the first")
    earning_rules.create_rule(RULE, _rule(scene), b"content", act, clock.now())


def be_in_force(scene: Scene) -> None:
    be_drafted(scene)
    publish_rule(scene)


def publish_rule(scene: Scene) -> Any:
    act = act_of(scene, "publish a rule", "the first")
    made = earning_rules.publish_rule(_rule(scene), 1, act, clock.now())
    return made.status, made.version, _in_force(scene)


def change_rule(scene: Scene) -> Any:
    """The version that is in force stays."""
    act, change = act_of(scene, "change a rule", "the first"), RuleChange(priority=5)
    with suppress(Stale):
        earning_rules.change_rule(_rule(scene), change, 2, act, clock.now())
    return rule_queries.find_rule_item(_rule(scene)).record.terms.priority, _in_force(scene)


def retire_rule(scene: Scene) -> Any:
    act = act_of(scene, "retire a rule", "the first")
    made = earning_rules.retire_rule(_rule(scene), 2, act, clock.now())
    return made.status, made.version, _in_force(scene)


def _in_force(scene: Scene) -> list[int]:
    stored = rule_queries.read_in_force()
    return [each.version for each in stored.rules if each.id == _rule(scene)]


def put_ladder(scene: Scene) -> Any:
    try:
        with suppress(Stale):
            ladders.put_ladder(LOWER, 0, act_of(scene, "ladder", "the first"), clock.now())
        found = tiers.find_judging()
        return tiers.find_ladder().version, found and (found.version, found.is_done)
    finally:
        tiers.REMEMBERED.clear()


def be_to_be_judged(scene: Scene) -> None:
    at = tiers.moment(scene.set_at)
    record_activity(scene.member, at.month, scene.named("spent"), Sums(70_000, 1), clock.now())
    put_ladder(scene)


def judge_all(scene: Scene) -> Any:
    """Who rose is counted only if no crash came between the member and the mark."""
    mine = [StandingItem.key(scene.member)]
    left = {None: [mine, []], mine[0][0]: [[]]}
    with patch.object(judging, "slices", lambda cursor: iter(left[cursor])), _no_memory():
        judging.judge_by_new_ladder(clock.now())
        found = tiers.find_judging()
        return tiers.tier_of(scene.member), found and (found.is_done, found.judged)


def be_born_today(scene: Scene) -> None:
    day = clock.program_day(clock.now())
    with _gifts(), patch.object(reviews.members, "birthday_of", lambda _: f"{day:%m-%d}"):
        reviews.hear_birthday(scene.member, clock.now())


def give_birthday_points(scene: Scene) -> Any:
    with _gifts():
        reviews.review(scene.member, clock.now())
    return tiers.find_standing(scene.member).gifted_year


@contextmanager
def _gifts() -> Iterator[None]:
    with patch.object(tiers, "ladder", lambda: GIFTS):
        yield


@contextmanager
def _no_memory() -> Iterator[None]:
    try:
        yield
    finally:
        tiers.REMEMBERED.clear()


def _policy(scene: Scene) -> str:
    return ids.derived_id("pol", scene.key, "office")


def be_written(scene: Scene) -> None:
    made = Policy(
        id=_policy(scene),
        kind="terms",
        name=scene.key[-10:],
        title=TitleOfPolicy("条款", "Terms"),
        text=TextOfPolicy("条款。", "Terms."),
        created_at=to_ms(clock.now()),
    )
    policies.draft_policy(made, act_of(scene, "draft a policy", "the first"), b"content")


def publish_policy(scene: Scene) -> Any:
    act = act_of(scene, "publish a policy", "the first")
    made, _ = policies.publish_policy(_policy(scene), None, 1, act, clock.now())
    return made.status, made.version


def _identity(scene: Scene) -> str:
    return ids.derived_id("idn", scene.key, "office")


def have_two_ways_in(scene: Scene) -> None:
    writes, email = WriteSet(), destination_of(email=f"{scene.key}@example.org")
    now_ms = to_ms(clock.now())
    registrations.add_identity(writes, scene.member, _identity(scene), email, now_ms=now_ms)
    one_more = [ProfileItem.identities.add(1)]
    writes.update(ProfileItem.key(scene.member), one_more)
    writes.commit()


def unlink(scene: Scene) -> Any:
    """A retry finds that it is gone."""
    with suppress(NotFound):
        identities.unlink_identity(scene.member, _identity(scene), clock.now())
    return [each.kind for each in members.identities(scene.member)]


def link_external(scene: Scene) -> None:
    act = act_of(scene, "link", "the first")
    externals.link_external(scene.member, "crm", scene.key, clock.now(), act)


def unlink_external(scene: Scene) -> None:
    with suppress(NotFound):
        externals.unlink_external(scene.member, "crm", scene.key, act_of(scene, "unlink", "x"))


def ask_export(scene: Scene) -> Any:
    return exports.ask_export(scene.member, "zh-CN", clock.now()).asked_ms


def close_account(scene: Scene) -> Any:
    with patch.object(erasure, "_check_fresh"):
        return erasure.ask_erasure(scene.friend, "ses_x", clock.now())
