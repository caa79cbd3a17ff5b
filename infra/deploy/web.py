"""`python -m infra.deploy.web --stage STAGE`: the command of `make deploy-web`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.errors import PackagingFailed
from infra.deploy.web_upload import Target, upload
from infra.local.errors import StackError
from infra.local.settings import from_environment
from infra.web.building import build
from infra.web.sources import DIST

_OUTPUTS = ("WebBucketName", "WebDistributionId", "WebUrl")


def target_of(cloudformation: Any, stack: str) -> tuple[Target, str]:
    """Where a deployed stack keeps its pages, and their address.

    Raises PackagingFailed.
    """
    [found] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    if missing := [name for name in _OUTPUTS if name not in outputs]:
        raise PackagingFailed(
            f"the stack {stack} has no output {', '.join(missing)}: deploy this release first; a "
            "stack in China has no pages"
        )
    bucket, distribution, url = (outputs[name] for name in _OUTPUTS)
    return Target(bucket, distribution), url


def main() -> int:
    """Build the pages and upload them to a stage; the exit code: 0 done, 1 failed."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy.web", description=__doc__)
    parser.add_argument("--stage", required=True, help="a deployed stage")
    parser.add_argument("--stack", help="the name of its stack (default: jifen-STAGE)")
    options = parser.parse_args()
    settings = from_environment()
    if settings.web is None:
        print("jifen: JIFEN_WEB says that there are no pages", file=sys.stderr)
        return 1
    try:
        build(settings.web, settings.cache)
        stack = options.stack or f"jifen-{options.stage}"
        target, url = target_of(boto3.client("cloudformation"), stack)
        clients = boto3.client("s3"), boto3.client("cloudfront")
        done = upload(settings.web / DIST, target, *clients)
    except (PackagingFailed, StackError, BotoCoreError, ClientError) as error:
        print(f"jifen: {error}", file=sys.stderr)
        return 1
    print(f"{url} has the pages: {done.uploaded} files uploaded, {done.deleted} old ones deleted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
