"""The pages' resources of a stage: who reads what, where a path leads, which headers come back."""

from __future__ import annotations

import json
import subprocess
from fnmatch import fnmatchcase
from typing import Any

import pytest

from infra.local import downloads
from infra.local.policies import behaviours
from infra.local.template import load
from infra.web.files import name_for
from tests.infra.templates import Packaged

WEB = ("/v1*", "/openapi.json", "/docs*", "/pictures/*")
PATHS = (
    "/", "/index.html", "/products/p_1", "/orders/ord_1/", "/console", "/console/", "/consoles",
    "/console/orders/ord_1", "/console/index.html", "/assets/app-1a2b.js", "/assets/none",
    "/assets", "/console/assets/app-1a2b.css", "/console/assets/none", "/console/assets",
    "/favicon.svg", "/deep/er/robots.txt", "//", "/%E5%88%86", "/a.b/c", "/.well-known/x",
)  # fmt: skip


def _config(dev: Packaged) -> dict[str, Any]:
    found: dict[str, Any] = dev.of_type("AWS::CloudFront::Distribution")["WebDistribution"]
    config: dict[str, Any] = found["DistributionConfig"]
    return config


def _run(code: str, paths: tuple[str, ...]) -> list[str]:
    """What a function of CloudFront makes of these paths."""
    asked = json.dumps(paths)
    ask = f"{asked}.map((uri) => handler({{request: {{uri}}}}).uri)"
    script = f"{code}\nconsole.log(JSON.stringify({ask}))"
    ran = subprocess.run(
        [downloads.node(), "-e", script], capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(ran.stdout)
    return found


def test_a_path_leads_to_the_same_file_in_a_stage_and_on_this_machine(dev: Packaged) -> None:
    code = dev.of_type("AWS::CloudFront::Function")["WebPaths"]["FunctionCode"]
    found = _run(code, PATHS)
    assert found == [f"/{name_for(path)}" for path in PATHS]
    assert dict(zip(PATHS, found, strict=True))["/console/orders/ord_1"] == "/console/index.html"


def test_a_picture_is_found_without_its_folder(dev: Packaged) -> None:
    code = dev.of_type("AWS::CloudFront::Function")["PicturePaths"]["FunctionCode"]
    assert _run(code, ("/pictures/cup-red.svg",)) == ["/cup-red.svg"]


def test_every_route_of_the_api_is_asked_of_the_api(dev: Packaged) -> None:
    """Uncached, with all that the caller sent."""
    api = [each for each in _config(dev)["CacheBehaviors"] if each["TargetOriginId"] == "api"]
    patterns = [each["PathPattern"] for each in api]
    for path in dev.api["paths"]:
        assert any(fnmatchcase(path, pattern) for pattern in patterns), path
    for each in api:
        assert {"POST", "PUT", "PATCH", "DELETE"} < set(each["AllowedMethods"])
        assert each["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
        assert each["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
        assert "FunctionAssociations" not in each
        assert "ResponseHeadersPolicyId" not in each, "the API sends headers of its own"


def test_no_page_hides_what_the_api_refuses(dev: Packaged) -> None:
    assert "CustomErrorResponses" not in _config(dev)


def test_the_api_is_the_deployed_stage_and_hears_who_asks(dev: Packaged) -> None:
    [api] = [each for each in _config(dev)["Origins"] if each["Id"] == "api"]
    assert api["OriginPath"] == f"/{dev.resources['RestAPI']['Properties']['StageName']}"
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    [sent] = api["OriginCustomHeaders"]
    assert sent["HeaderName"] == "Jifen-Edge"
    variables = dev.functions["APIHandler"]["Environment"]["Variables"]
    assert sent["HeaderValue"] == variables["JIFEN_EDGE_KEY"] == {"Ref": "AWS::StackId"}


def test_only_this_distribution_reads_the_buckets(dev: Packaged) -> None:
    policies = dev.of_type("AWS::S3::BucketPolicy")
    assert set(policies) == {"WebBucketPolicy", "PicturesBucketPolicy"}
    for policy in policies.values():
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
            assert statement["Action"] in ("s3:GetObject", "s3:ListBucket")
            source = statement["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"]
            assert source.endswith(":distribution/${WebDistribution}")
    block = dev.of_type("AWS::S3::Bucket")["WebBucket"]["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(block.values())


CAPTCHAS = {
    "https://challenges.cloudflare.com",
    "https://hcaptcha.com",
    "https://*.hcaptcha.com",
}


def test_pages_run_only_scripts_of_the_mall_of_stripe_and_of_captchas(dev: Packaged) -> None:
    policies = dev.of_type("AWS::CloudFront::ResponseHeadersPolicy")
    security = policies["WebHeaders"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    told = {name: set(rest.split()) for name, _, rest in _directives(policy)}
    stripe = {"https://js.stripe.com", "https://*.js.stripe.com"}
    assert told["script-src"] == {"'self'", *stripe, *CAPTCHAS}
    for name in ("object-src", "base-uri", "frame-ancestors"):
        assert told[name] == {"'none'"}
    assert "unsafe-eval" not in policy
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000


def test_a_picture_opened_by_itself_runs_no_script(dev: Packaged) -> None:
    policies = dev.of_type("AWS::CloudFront::ResponseHeadersPolicy")
    config = policies["PictureHeaders"]["ResponseHeadersPolicyConfig"]
    policy = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert {("default-src", "'none'"), ("sandbox", "")} <= {
        (name, rest) for name, _, rest in _directives(policy)
    }
    [pictures] = [
        each for each in _config(dev)["CacheBehaviors"] if each["TargetOriginId"] == "pictures"
    ]
    assert pictures["ResponseHeadersPolicyId"] == {"Ref": "PictureHeaders"}


def _directives(policy: str) -> list[tuple[str, str, str]]:
    return [each.strip().partition(" ") for each in policy.split(";")]


def test_the_local_gateway_reads_the_paths_that_are_no_pages(dev: Packaged) -> None:
    assert tuple(behaviours(load())) == WEB


@pytest.mark.parametrize("name", ["WebUrl", "WebBucketName", "WebDistributionId"])
def test_a_deployed_stage_tells_where_its_pages_go(dev: Packaged, name: str) -> None:
    assert dev.template["Outputs"][name]["Condition"] == "HasWeb"


def test_a_region_of_china_is_deployed_without_the_pages(dev: Packaged) -> None:
    without = {"WebBucket", "PicturesBucket"}
    for name, resource in dev.resources.items():
        if resource["Type"].startswith("AWS::CloudFront") or name.startswith("Web"):
            assert (resource.get("Condition") == "HasWeb") is (name not in without), name
    assert dev.template["Conditions"]["HasWeb"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws-cn"]}]
    }
