"""Uploading the pages to a stage: in which order, how each is kept, what goes after a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from infra.deploy.errors import PackagingFailed
from infra.deploy.web import target_of
from infra.deploy.web_upload import RELEASES, Done, Target, upload

TARGET = Target("jifen-dev-web", "E1EXAMPLE")
NOW = datetime(2026, 11, 29, tzinfo=UTC)


class CloudFront:
    """Keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def create_invalidation(self, **asked: Any) -> None:
        self.asked.append(asked)


class Stage:
    """A bucket, a CloudFront and a folder of built pages."""

    def __init__(self, dist: Path) -> None:
        self.s3 = boto3.client("s3", region_name="us-east-1")
        self.s3.create_bucket(Bucket=TARGET.bucket)
        self.cloudfront, self.dist, self.written = CloudFront(), dist, list[str]()
        self.s3.meta.events.register("provide-client-params.s3.PutObject", self._hear)

    def _hear(self, params: dict[str, Any], **_: Any) -> None:
        self.written.append(params["Key"])

    def release(self, version: str, days: int = 0) -> Done:
        for folder in ("", "console/"):
            assets = self.dist / folder / "assets"
            assets.mkdir(parents=True, exist_ok=True)
            for old in assets.iterdir():
                old.unlink()
            (assets / f"app-{version}.js").write_text(f"// {version}")
            (assets / f"app-{version}.js.br").write_text("packed")
            (assets / "vendor-1.js").write_text("// the same")
            (self.dist / folder / "index.html").write_text(version)
        (self.dist / "favicon.svg").write_text("<svg/>")
        (self.dist / ".made-from.json").write_text("{}")
        self.written.clear()
        at = NOW + timedelta(days=days)
        return upload(self.dist, TARGET, self.s3, self.cloudfront, at)

    def names(self) -> set[str]:
        listed = self.s3.list_objects_v2(Bucket=TARGET.bucket)
        return {each["Key"] for each in listed["Contents"]}

    def head(self, key: str) -> Any:
        return self.s3.head_object(Bucket=TARGET.bucket, Key=key)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    # The engines of this process are not asked.
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    with mock_aws():
        yield Stage(tmp_path)


def test_pages_come_after_all_that_they_name(stage: Stage) -> None:
    stage.release("a")
    hashed, others = stage.written[:4], stage.written[4:-1]
    assert all("assets/" in name for name in hashed)
    assert others == ["favicon.svg", "console/index.html", "index.html"]
    assert stage.written[-1] == RELEASES
    assert stage.names() == {*hashed, *others, RELEASES}, "no stamps, no compressed copies"


def test_hashed_files_are_kept_for_a_year_and_pages_are_asked_for(stage: Stage) -> None:
    stage.release("a")
    script, page = stage.head("assets/app-a.js"), stage.head("console/index.html")
    assert script["CacheControl"] == "public, max-age=31536000, immutable"
    assert script["ContentType"] == "text/javascript; charset=utf-8"
    assert (page["CacheControl"], page["ContentType"]) == ("no-cache", "text/html; charset=utf-8")


def test_cloudfront_forgets_what_has_changed_under_its_name(stage: Stage) -> None:
    stage.release("a")
    stage.release("b", days=1)
    first, second = stage.cloudfront.asked
    assert first["DistributionId"] == TARGET.distribution
    paths = first["InvalidationBatch"]["Paths"]
    assert set(paths["Items"]) == {"/index.html", "/console/index.html", "/favicon.svg"}
    assert paths["Quantity"] == 3
    references = [each["InvalidationBatch"]["CallerReference"] for each in (first, second)]
    assert references[0] != references[1]


def test_a_second_release_uploads_only_what_is_new(stage: Stage) -> None:
    assert stage.release("a") == (7, 0)
    assert stage.release("b", days=1) == (5, 0)
    assert "assets/vendor-1.js" not in stage.written
    assert {"assets/app-a.js", "assets/app-b.js"} <= stage.names(), "open tabs go on"


def test_files_of_a_release_go_thirty_days_after_the_next_one(stage: Stage) -> None:
    stage.release("a")
    stage.release("b", days=100)
    stage.release("c", days=129)
    assert "assets/app-a.js" in stage.names(), "it was the current one until day 100"
    assert stage.release("d", days=131) == (5, 2)
    assert "assets/app-a.js" not in stage.names()
    assert {"assets/app-b.js", "assets/app-d.js", "assets/vendor-1.js"} <= stage.names()


def test_a_stack_without_pages_is_refused() -> None:
    client = boto3.client("cloudformation", region_name="us-east-1")
    described = {"StackName": "jifen-dev", "CreationTime": NOW, "StackStatus": "CREATE_COMPLETE"}
    with Stubber(client) as stub:
        stub.add_response("describe_stacks", {"Stacks": [described]})
        with pytest.raises(PackagingFailed, match="WebBucketName, WebDistributionId, WebUrl"):
            target_of(client, "jifen-dev")
        told = {"WebBucketName": "b", "WebDistributionId": "E1", "WebUrl": "https://m"}
        outputs = [{"OutputKey": name, "OutputValue": value} for name, value in told.items()]
        stub.add_response("describe_stacks", {"Stacks": [{**described, "Outputs": outputs}]})
        assert target_of(client, "jifen-dev") == (Target("b", "E1"), "https://m")
