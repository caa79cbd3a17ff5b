"""Reads infra/resources.yaml, the CloudFormation template that is deployed, with its functions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from infra.local.errors import StackError
from infra.local.settings import ACCOUNT_ID, REGION, REPOSITORY, STAGE

RESOURCES = REPOSITORY / "infra/resources.yaml"


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: text.split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short_form)


@dataclass
class Template:
    """Resources by logical id, with known refs by id and attributes by id.name."""

    resources: Mapping[str, Mapping[str, Any]]
    refs: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    def of_type(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """Properties, as written, of the resources of a type, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource.get("Type") == kind
        }

    def resolve(self, value: Any) -> Any:
        """Give the value with its references replaced.

        Raises StackError.
        """
        if isinstance(value, list):
            return [self.resolve(each) for each in value]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            (name, argument), *_ = value.items()
            match name:
                case "Ref":
                    return self._known(self.refs, argument)
                case "Fn::GetAtt":
                    return self._known(self.attributes, ".".join(argument))
                case "Fn::Sub":
                    return re.sub(r"\$\{([^}!]+)\}", self._substitute, argument)
        return {key: self.resolve(each) for key, each in value.items()}

    def _substitute(self, found: re.Match[str]) -> str:
        name = found[1]
        return self._known(self.attributes if "." in name else self.refs, name)

    def _known(self, names: Mapping[str, str], name: str) -> str:
        if name not in names:
            raise StackError(f"the resources' template refers to {name}, which nothing here makes")
        return names[name]


def load(path: Path = RESOURCES, stage: str = STAGE) -> Template:
    """Read a template for a stage."""
    with path.open(encoding="utf-8") as source:
        # A SafeLoader with constructors of plain values only.
        parsed = yaml.load(source, _Loader)  # noqa: S506
    refs = {
        "Stage": stage,
        "AWS::AccountId": ACCOUNT_ID,
        "AWS::Region": REGION,
        "AWS::Partition": "aws",
        "AWS::StackId": "local",
    }
    return Template(parsed.get("Resources", {}), refs)
