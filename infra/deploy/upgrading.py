"""The deployments that upgrade a stage of the first layout to this one.

The indexes of orders hold less than they did. CloudFormation creates or deletes one index of a
table at a time, and does not wait until a new one is filled. The functions read and write as the
first layout does until the indexes are there and every function can read what is written.
Source: AWS CloudFormation, "AWS::DynamoDB::Table", GlobalSecondaryIndexes.
"""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

Template = dict[str, Any]
TABLE, LAYOUT = "OrdersTable", "JIFEN_STORED_LAYOUT"
BEFORE = {"of_member": "by_member", "waiting": "queue"}


class Step(NamedTuple):
    """One deployment: the indexes of orders that there are after it, and the layout in use."""

    indexes: tuple[str, ...]
    layout: int


# Each adds or removes one index or changes the layout; the deployment after the last is the usual.
STEPS = (
    Step(("by_member", "queue", "of_member"), 1),
    Step(("by_member", "queue", "of_member", "waiting"), 1),
    Step(("by_member", "queue", "of_member", "waiting"), 2),
    Step(("queue", "of_member", "waiting"), 2),
    Step(("of_member", "waiting"), 2),
)


def at_step(template: Template, number: int) -> Template:
    """The finished template as the deployment of this number, from 1, wants it."""
    step, made = STEPS[number - 1], copy.deepcopy(template)
    resources: Template = made["Resources"]
    table = resources[TABLE]["Properties"]
    table["GlobalSecondaryIndexes"] = _indexes(table["GlobalSecondaryIndexes"], step)
    table["AttributeDefinitions"] = _attributes(table)
    for resource in resources.values():
        if resource["Type"] == "AWS::Serverless::Function":
            environment = resource["Properties"].setdefault("Environment", {})
            environment.setdefault("Variables", {})[LAYOUT] = str(step.layout)
        elif resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"].get("Policies", ()):
                _allow_first_indexes(policy["PolicyDocument"]["Statement"], step)
    return made


def _allow_first_indexes(statements: list[Template], step: Step) -> None:
    """Roles change before their functions do: both may read old and new while both are there."""
    for statement in statements:
        named = statement.get("Resource")
        for now, before in BEFORE.items():
            of_now, of_before = (
                {"Fn::Sub": f"${{{TABLE}.Arn}}/index/{name}"} for name in (now, before)
            )
            listed = named if isinstance(named, list) else [named]
            if before in step.indexes and of_now in listed:
                named = [*listed, of_before]
        if named is not None:
            statement["Resource"] = named


def _indexes(now: list[Template], step: Step) -> list[Template]:
    """The indexes of a step: those of before have the same keys, and all of each order."""
    known = {each["IndexName"]: each for each in now}
    for name, before in BEFORE.items():
        whole = {"IndexName": before, "Projection": {"ProjectionType": "ALL"}}
        known[before] = {**known[name], **whole}
    return [known[name] for name in step.indexes]


def _attributes(table: Template) -> list[Template]:
    """The attributes that are keys: DynamoDB refuses others."""
    keyed = [table, *table["GlobalSecondaryIndexes"]]
    used = {key["AttributeName"] for each in keyed for key in each["KeySchema"]}
    return [each for each in table["AttributeDefinitions"] if each["AttributeName"] in used]
