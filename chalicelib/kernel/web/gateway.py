"""The API as API Gateway knows it: few resources, whatever the number of routes behind them."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Mapping

from chalice.app import Chalice, RouteEntry

from chalicelib.kernel.web.overriding import PATCH, POST

# Chalice lower-cases method names into the definition that it packages: API Gateway reads this
# one as "every other method" and calls us, so that a wrong method is answered by Chalice's 405.
ANY_METHOD = "X-Amazon-Apigateway-Any-Method"
# All below one of these is for callers with an access token: one greedy resource stands for it.
# What needs none keeps its own resource, so its own throttle and its own line in the access log.
AREAS = ("/v1/admin", "/v1/me", "/v1/orders")
REST = "proxy"

Routes = Mapping[str, Mapping[str, RouteEntry]]


class PublicInArea(Exception):
    """A route without an authorizer below a path that API Gateway guards."""


def resource_of(path: str) -> str:
    """The resource that a route's path belongs to: `/v1/me/{proxy+}` for `/v1/me/points`."""
    for area in AREAS:
        if path.startswith(f"{area}/"):
            return f"{area}/{{{REST}+}}"
    return path


def as_deployed(app: Chalice) -> Chalice:
    """The app with API Gateway's resources for routes, as it is packaged: not to be called.

    Each resource asks the authorizer for the methods of the routes with roles behind it, and for
    POST where a PATCH may come as one. Every other method reaches the function without, to be
    refused there.

    Raises PublicInArea.
    """
    front = copy.copy(app)
    front.routes = defaultdict(dict)
    for path, methods in app.routes.items():
        resource = resource_of(path)
        for method, entry in methods.items():
            if entry.authorizer is not None:
                for asked in (method, POST) if method == PATCH else (method,):
                    front.routes[resource][asked] = _entry(resource, asked, entry)
            elif resource != path:
                raise PublicInArea(f"{method} {path}")
        front.routes[resource][ANY_METHOD] = _entry(resource, ANY_METHOD)
    return front


def _entry(resource: str, method: str, guarded: RouteEntry | None = None) -> RouteEntry:
    authorizer = guarded.authorizer if guarded else None
    made = RouteEntry(_serve, "api", resource, method, content_types=["*/*"], authorizer=authorizer)
    if resource.endswith("+}"):
        made.view_args = [REST]
    return made


def _serve() -> None:
    raise AssertionError("API Gateway's resources are matched to routes before a view is called")
