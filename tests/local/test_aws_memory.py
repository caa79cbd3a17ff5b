"""Models of AWS's services, as the AWS server loads them."""

from typing import Any

import pytest
from botocore.loaders import JSONFileLoader, Loader

from infra.local.aws_memory import UndocumentedModels


@pytest.mark.parametrize("service", ["s3", "ses", "secretsmanager", "sts"])
def test_a_model_lacks_its_documentation_and_nothing_else(service: str) -> None:
    whole = Loader(file_loader=JSONFileLoader()).load_service_model(service, "service-2")
    lean = Loader(file_loader=UndocumentedModels()).load_service_model(service, "service-2")
    assert lean == without_documentation(whole)
    assert str(lean) != str(whole)


def without_documentation(value: Any) -> Any:
    if isinstance(value, list):
        return [without_documentation(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: without_documentation(each)
        for name, each in value.items()
        if name != "documentation" or not isinstance(each, str)
    }
