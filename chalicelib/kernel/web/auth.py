"""Access tokens: JWTs for 15 minutes, two live keys, and Chalice's authorizer that checks them."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any, Literal

import msgspec
from chalice.app import AuthRequest, AuthResponse, Blueprint

from chalicelib.kernel import clock, secrets
from chalicelib.kernel.errors import Unauthenticated
from chalicelib.kernel.web.requests import Caller
from chalicelib.kernel.web.routing import packaged

LIFETIME_S = 15 * 60
ISSUER = "jifen"
ALGORITHM = "HS256"

MEMBER = "member"
AGENT = "agent"
OPS = "ops"
FINANCE = "finance"
ADMIN = "admin"
STAFF_ROLES = (AGENT, OPS, FINANCE, ADMIN)

authorizers = Blueprint(__name__)


def issue(caller: Caller, now: datetime) -> str:
    """A signed access token that names the member, the session and the roles."""
    import jwt

    key = secrets.keys("access_token")[0]
    at = int(now.timestamp())
    claims = {
        "iss": ISSUER,
        "sub": caller.member_id,
        "sid": caller.session_id,
        "roles": sorted(caller.roles),
        "iat": at,
        "exp": at + LIFETIME_S,
    }
    return jwt.encode(claims, key.key, algorithm=ALGORITHM, headers={"kid": key.id})


class _Header(msgspec.Struct):
    """A token's header. One with critical extensions is refused: none is known here.

    Source: RFC 7515, section 4.1.11.
    """

    alg: Literal["HS256"]
    kid: str
    crit: None = None


class _Claims(msgspec.Struct):
    iss: Literal["jifen"]
    sub: str
    sid: str
    roles: frozenset[str]
    exp: int


_HEADER, _CLAIMS = msgspec.json.Decoder(_Header), msgspec.json.Decoder(_Claims)


def verify(token: str, now: datetime) -> Caller:
    """The caller that a token names. Its time is the program's, not the machine's.

    An authorizer does nothing else, and PyJWT takes five times as long for it, its import apart.
    Source: RFC 7515, section 5.2; RFC 7519, section 7.2.

    Raises Unauthenticated.
    """
    live = {key.id: key.key for key in secrets.keys("access_token")}
    try:
        signed, _, signature = token.encode("ascii").rpartition(b".")
        header, _, claims = signed.partition(b".")
        key = live[_HEADER.decode(_decoded(header)).kid]
        # No claim is read before the signature is known to be ours, bit by bit.
        expected = urlsafe_b64encode(hmac.digest(key, signed, "sha256")).rstrip(b"=")
        if not hmac.compare_digest(expected, signature):
            raise Unauthenticated()
        told = _CLAIMS.decode(_decoded(claims))
    except (KeyError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise Unauthenticated() from error
    if now.timestamp() >= told.exp:
        raise Unauthenticated()
    return Caller(told.sub, told.sid, told.roles)


def _decoded(part: bytes) -> bytes:
    """A part of a token, which leaves out base64's padding.

    Raises ValueError.
    """
    return urlsafe_b64decode(part + b"=" * (-len(part) % 4))


@authorizers.authorizer(name="authorize", ttl_seconds=0)
def authorize(request: AuthRequest) -> AuthResponse:
    """API Gateway's question: who is this? 401 unless the bearer token is good.

    Raises an Exception that says Unauthorized, which is how API Gateway is told 401.
    """
    scheme, _, token = request.token.partition(" ")
    try:
        caller = verify(token.strip() if scheme.lower() == "bearer" else "", clock.now())
    except Unauthenticated as error:
        raise Exception("Unauthorized") from error  # noqa: TRY002 - the name API Gateway knows
    context = {"session_id": caller.session_id, "roles": ",".join(sorted(caller.roles))}
    if route := _route_of(request.method_arn):
        context["route"] = route
    return AuthResponse(routes=["*"], principal_id=caller.member_id, context=context)


def _route_of(method_arn: str) -> str | None:
    """The route's path, for the access log: API Gateway knows the resource alone.

    The ARN ends in `API/STAGE/METHOD/v1/orders/ord_1`.
    """
    known, parts = packaged(), method_arn.split("/", 3)
    found = known[1].match("/" + parts[3]) if known and len(parts) > 3 else None
    return found[0] if found else None


def caller_of(event: dict[str, Any]) -> Caller:
    """The caller, as the authorizer put it into the event.

    Raises Unauthenticated.
    """
    context = event["requestContext"].get("authorizer") or {}
    if not context.get("principalId"):
        raise Unauthenticated()
    roles = frozenset(context["roles"].split(","))
    return Caller(context["principalId"], context["session_id"], roles)
