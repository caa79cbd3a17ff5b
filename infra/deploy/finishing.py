"""The changes that Chalice's template needs before it can be deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from infra.deploy.errors import PackagingFailed

Template = dict[str, Any]
# The account of AWS's examples: a placeholder for values that only a created stack has.
ANY_ACCOUNT = "123456789012"


def finish(template: Template, stage: str) -> Template:
    """The template of one stage, its API's own answers inside the API's definition.

    Raises PackagingFailed.
    """
    finished = {**template, "Resources": dict(template["Resources"])}
    finished["Parameters"] = _of_one_stage(template["Parameters"], stage)
    _take_in_answers(finished["Resources"])
    for name, resource in finished["Resources"].items():
        if "Type" not in resource:
            raise PackagingFailed(
                f"infra/resources.yaml adds to {name}, which Chalice does not make"
            )
        if ANY_ACCOUNT in json.dumps(resource):
            # Chalice's decorators name a source that infra/resources.yaml replaces.
            raise PackagingFailed(f"infra/resources.yaml does not say what {name} reads from")
    return finished


def _of_one_stage(parameters: Mapping[str, Any], stage: str) -> dict[str, Any]:
    """Fix the parameter: Chalice has written the stage's names into the functions already."""
    fixed = {**parameters["Stage"], "Default": stage, "AllowedValues": [stage]}
    return {**parameters, "Stage": fixed}


def _take_in_answers(resources: dict[str, Any]) -> None:
    """Move GatewayResponse resources into the API's definition.

    As resources they would wait for the next deployment of the API to be seen, and an import of
    the definition, which every change of it is, would wipe them out.
    Source: API Gateway, "x-amazon-apigateway-gateway-responses object" and "put-rest-api".
    """
    own = {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource.get("Type") == "AWS::ApiGateway::GatewayResponse"
    }
    for name in own:
        del resources[name]
    api = resources["RestAPI"]
    properties = dict(api["Properties"])
    properties["DefinitionBody"] = {
        **properties["DefinitionBody"],
        "x-amazon-apigateway-gateway-responses": {
            answer["ResponseType"]: _in_definition(answer) for answer in own.values()
        },
    }
    resources["RestAPI"] = {**api, "Properties": properties}


def _in_definition(answer: Mapping[str, Any]) -> dict[str, Any]:
    bodies = answer["ResponseTemplates"]
    for body in bodies.values():
        json.loads(body)
    return {
        "statusCode": str(answer["StatusCode"]),
        "responseParameters": dict(answer.get("ResponseParameters", {})),
        "responseTemplates": dict(bodies),
    }
