"""Access tokens: JWTs for 15 minutes, two live keys, and Chalice's authorizer that checks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

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
        **({"con": caller.consent} if caller.consent is not None else {}),
    }
    return jwt.encode(claims, key.key, algorithm=ALGORITHM, headers={"kid": key.id})


def verify(token: str, now: datetime) -> Caller:
    """The caller that a token names. Its time is the program's, not the machine's.

    Raises Unauthenticated.
    """
    import jwt

    live = {key.id: key.key for key in secrets.keys("access_token")}
    try:
        key = live[_key_id(token)]
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sub", "sid"]},
        )
        if now.timestamp() >= claims["exp"]:
            raise Unauthenticated()
        roles = frozenset(claims["roles"])
        return Caller(claims["sub"], claims["sid"], roles, claims.get("con"))
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise Unauthenticated() from error


def bearer(headers: Mapping[str, str], now: datetime) -> Caller:
    """The caller of a route that anybody may call and that tells some callers more.

    Raises Unauthenticated.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return verify(token.strip() if scheme.lower() == "bearer" else "", now)


def _key_id(token: str) -> str:
    """The key that a token says it is signed with.

    Nothing else is read before the signature is checked: PyJWT's own look at a header decodes the
    whole token, which is a third of what an authorizer takes.

    Raises KeyError, TypeError, ValueError, RecursionError.
    """
    from jwt.utils import base64url_decode

    header = msgspec.json.decode(base64url_decode(token.partition(".")[0]))
    return str(header["kid"])


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
    if caller.consent is not None:
        context["consent"] = caller.consent
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
    return Caller(context["principalId"], context["session_id"], roles, context.get("consent"))
