"""A function has its deployed timeout here too."""

import json
from pathlib import Path

from infra.local.template import Template
from infra.local.timeouts import API_GATEWAY_S, TimeOuts
from tests.local.conftest import Sample

MINUTE_S = 60


def test_a_function_gets_its_deployed_timeout(sample: Sample) -> None:
    """The sample's template says 900 seconds."""
    left_ms = sample.http.post("/_local/functions/lasting").json()["result"]["ms"]
    assert (900 - MINUTE_S) * 1000 < left_ms <= 900 * 1000


def test_a_function_beyond_its_timeout_is_stopped_and_reported(sample: Sample) -> None:
    answer = sample.http.post("/_local/functions/hasty")
    assert (answer.status_code, answer.json()["code"]) == (500, "function_failed")
    assert answer.json()["detail"] == "hasty: it took more than 1 s"


def test_a_request_has_the_time_limit_of_api_gateway(sample: Sample) -> None:
    left_ms = sample.http.get("/remaining").json()["ms"]
    assert 0 < left_ms <= API_GATEWAY_S * 1000


def test_the_template_outranks_the_configuration_of_the_function_and_of_the_stage(
    tmp_path: Path,
) -> None:
    config = tmp_path / "config.json"
    template = Template(
        {
            "InTheTemplate": {"Properties": {"Timeout": 11}},
            "APIHandler": {"Properties": {}},
        }
    )
    assert TimeOuts(template, config).of("any") == MINUTE_S
    config.write_text(
        json.dumps(
            {
                "lambda_timeout": 12,
                "lambda_functions": {
                    "own": {"lambda_timeout": 13},
                    "in_the_template": {"lambda_timeout": 14},
                },
                "stages": {"dev": {"lambda_functions": {"staged": {"lambda_timeout": 15}}}},
            }
        )
    )
    found = TimeOuts(template, config)
    names = ("in_the_template", "own", "staged", "any", "api_handler")
    assert [found.of(name) for name in names] == [11, 13, 15, 12, 12]
