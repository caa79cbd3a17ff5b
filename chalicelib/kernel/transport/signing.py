"""Signature version 4 in few steps: botocore makes a hundred small calls for one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import NoCredentialsError
from botocore.signers import RequestSigner

from chalicelib.kernel.transport.bodies import bytes_of, place_of, text_of

_SIGNED = ("content-type", "host")


class QuickSigV4(SigV4Auth):
    """Signature version 4 of a POST to `/`, which every call of a JSON or query protocol is.

    Source: AWS General Reference, "Create a signed AWS API request".
    """

    def __init__(self, credentials: Any, service_name: str, region_name: str) -> None:
        super().__init__(credentials, service_name, region_name)
        self._place = f"{region_name}/{service_name}/aws4_request"

    def add_auth(self, request: AWSRequest) -> None:
        """Raises NoCredentialsError."""
        if self.credentials is None:
            raise NoCredentialsError
        place = place_of(request.url)
        if request.method != "POST" or place.path not in {"", "/"} or place.query:
            super().add_auth(request)
            return
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        request.context["timestamp"] = moment
        # A form is made a body once: botocore would make it one to sign and another to send.
        request.data = bytes_of(request.body if isinstance(request.data, dict) else request.data)
        self._renew(request, moment)
        signed = _to_sign(request, place.netloc)
        names = ";".join(signed)
        lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
        canonical = f"POST\n/\n\n{lines}\n{names}\n{_sha256(request.data)}"
        scope = f"{moment[:8]}/{self._place}"
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{_sha256(canonical.encode())}"
        key = _key(self.credentials.secret_key, scope)
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        request.headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.credentials.access_key}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}"
        )

    def _renew(self, request: AWSRequest, moment: str) -> None:
        """Set what is signed, once: this may be a retry."""
        for name in ("Authorization", "X-Amz-Date", "X-Amz-Security-Token"):
            del request.headers[name]
        request.headers["X-Amz-Date"] = moment
        if self.credentials.token:
            request.headers["X-Amz-Security-Token"] = self.credentials.token


def sign(
    signer: RequestSigner,
    own: Callable[..., None],
    operation: str,
    request: AWSRequest,
    **special: Any,
) -> None:
    """Sign a request by the signer of its client's configuration; by botocore's `own` if it is to
    be signed in another way, such as in a URL.

    botocore asks its hooks before each signature. They say nothing where a client names its signer.

    Raises NoCredentialsError.
    """
    if special or request.context.get("auth_type") or request.context.get("signing"):
        own(operation, request, **special)
    else:
        signer.get_auth(signer.signing_name, signer.region_name).add_auth(request)


def _to_sign(request: AWSRequest, host: str) -> dict[str, str]:
    """The headers that AWS wants to be signed, in their order."""
    found = {"host": host}
    for name, value in request.headers.raw_items():
        lower = name.lower()
        if lower in _SIGNED or lower.startswith("x-amz-"):
            found[lower] = " ".join(text_of(value).split())
    return dict(sorted(found.items()))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@lru_cache(maxsize=8)
def _key(secret: str, scope: str) -> bytes:
    """The key of a day, a region and a service."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
