"""Reading a packaged template: its functions, their event sources, their roles."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any, NamedTuple

FUNCTION = "AWS::Serverless::Function"


class Packaged(NamedTuple):
    path: Path
    template: dict[str, Any]

    @property
    def resources(self) -> dict[str, Any]:
        found: dict[str, Any] = self.template["Resources"]
        return found

    def of_type(self, kind: str) -> dict[str, Any]:
        """Properties by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    @property
    def functions(self) -> dict[str, Any]:
        return self.of_type(FUNCTION)

    def sources(self, kind: str) -> dict[str, Any]:
        """Properties of each function's event source of a type, by the function's logical id."""
        return {
            name: event["Properties"]
            for name, function in self.functions.items()
            for event in function.get("Events", {}).values()
            if event["Type"] == kind
        }

    def statements(self, function: str) -> list[dict[str, Any]]:
        """The statements of a function's role."""
        role = self.resources[self.functions[function]["Role"]["Fn::GetAtt"][0]]["Properties"]
        return [
            statement
            for policy in role["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
        ]

    @property
    def api(self) -> dict[str, Any]:
        definition: dict[str, Any] = self.resources["RestAPI"]["Properties"]["DefinitionBody"]
        return definition


def translate(template: dict[str, Any]) -> dict[str, Any]:
    """The template after CloudFormation's serverless transform."""
    from samtranslator.translator.transform import transform

    class NoManagedPolicies:
        def load(self) -> dict[str, str]:
            return {}

    uploaded = copy.deepcopy(template)
    for resource in uploaded["Resources"].values():
        for uri in {"CodeUri", "ContentUri"} & set(resource.get("Properties", {})):
            resource["Properties"][uri] = "s3://bucket/archive.zip"
    loader: Any = NoManagedPolicies()
    translated: dict[str, Any] = transform(uploaded, {}, loader)
    return translated
