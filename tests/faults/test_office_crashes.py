"""Rules, tiers, policies, identities and closed accounts: a failure anywhere and a retry have one
effect."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults import office_acts
from tests.faults.crashes import run_matrix
from tests.faults.scene import Scene
from tests.faults.use_cases import UseCase

CASES = (
    UseCase("publish a rule", office_acts.publish_rule, arrange=office_acts.be_drafted),
    UseCase("change a rule in force", office_acts.change_rule, arrange=office_acts.be_in_force),
    UseCase("retire a rule", office_acts.retire_rule, arrange=office_acts.be_in_force),
    UseCase("put a ladder", office_acts.put_ladder),
    UseCase(
        "judge by a new ladder",
        office_acts.judge_all,
        office_acts.SOON,
        arrange=office_acts.be_to_be_judged,
    ),
    UseCase(
        "give birthday points",
        office_acts.give_birthday_points,
        arrange=office_acts.be_born_today,
    ),
    UseCase("publish a policy", office_acts.publish_policy, arrange=office_acts.be_written),
    UseCase("unlink an identity", office_acts.unlink, arrange=office_acts.have_two_ways_in),
    UseCase("link an external id", office_acts.link_external),
    UseCase(
        "unlink an external id", office_acts.unlink_external, arrange=office_acts.link_external
    ),
    UseCase("ask for an export", office_acts.ask_export),
    UseCase("close an account", office_acts.close_account),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_act_that_fails_at_any_request_and_is_retried_has_one_effect(
    case: UseCase, scene: Scene, counted: Callable[[str, str, int], None]
) -> None:
    matrix = run_matrix(case, scene)
    counted("crash cases", case.name, matrix.count)
    assert matrix.failures == []
