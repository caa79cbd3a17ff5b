"""What CloudFront does in a stage, read from the template: answers' headers, the API's paths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from infra.local.template import Template

# Signed links of an SDK may name either.
_BUCKETS_HOSTS = (
    "PicturesBucket.RegionalDomainName",
    "PicturesBucket.DomainName",
    "UploadsBucket.RegionalDomainName",
    "UploadsBucket.DomainName",
    "SettlementsBucket.RegionalDomainName",
    "SettlementsBucket.DomainName",
)


def behaviours(template: Template) -> list[str]:
    """The patterns of the paths that are no pages, such as `/v1*`."""
    written = template.resources.get("WebDistribution", {}).get("Properties", {})
    found = written.get("DistributionConfig", {}).get("CacheBehaviors", [])
    return [each["PathPattern"] for each in found]


def headers_of(template: Template, policy: str) -> list[tuple[bytes, bytes]]:
    """The headers that a policy of the template adds; a template without it adds none."""
    written = template.resources.get(policy, {}).get("Properties", {})
    config = written.get("ResponseHeadersPolicyConfig", {})
    # The engine stands in for the buckets' own hosts.
    s3 = os.environ.get("AWS_ENDPOINT_URL_S3", "http://localhost")
    host = urlsplit(s3).netloc
    template.attributes |= dict.fromkeys(_BUCKETS_HOSTS, host)
    resolved = template.resolve(config)
    return [
        (name.encode(), value.replace(f"https://{host}", s3).encode())
        for name, value in _headers(resolved)
    ]


def _headers(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Strict-Transport-Security is left out: there is no certificate for this machine."""
    security = config.get("SecurityHeadersConfig", {})
    if "ContentSecurityPolicy" in security:
        policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        yield "content-security-policy", policy
    if "ContentTypeOptions" in security:
        yield "x-content-type-options", "nosniff"
    if "ReferrerPolicy" in security:
        yield "referrer-policy", security["ReferrerPolicy"]["ReferrerPolicy"]
    for each in config.get("CustomHeadersConfig", {}).get("Items", []):
        yield each["Header"].lower(), each["Value"]
