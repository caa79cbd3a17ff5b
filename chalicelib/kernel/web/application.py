"""Chalice with routes that are found by their path, and imported when they are first called."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from chalice.app import Chalice

from chalicelib.kernel import errors
from chalicelib.kernel.web import consents
from chalicelib.kernel.web.auth import authorizers
from chalicelib.kernel.web.gateway import REST
from chalicelib.kernel.web.http import problem
from chalicelib.kernel.web.overriding import method_of
from chalicelib.kernel.web.refusals import in_our_words
from chalicelib.kernel.web.requests import language_of
from chalicelib.kernel.web.routing import INDEX, Router, packaged


class Application(Chalice):
    """The app of all blueprints, each named `package.module:blueprint`."""

    def __init__(
        self,
        name: str,
        routes: Sequence[str],
        events: Sequence[str],
        index: Path = INDEX,
        *,
        missing_consent: consents.Asked = consents.nobody_asks,
        gone: consents.Asked = consents.nobody_asks,
    ) -> None:
        """Register nothing but the authorizer.

        `index` tells which blueprint has a path; where it is not, the first call imports all.
        `missing_consent` is asked at routes that need a member's consent, `gone` at those that
        write by a token alone.
        """
        super().__init__(app_name=name, configure_logs=False)
        consents.ask(missing_consent, gone)
        self._of_routes, self._of_events = routes, events
        self._registered: set[str] = set()
        # Paths with the blueprints that have them.
        self.places: dict[str, list[str]] = {}
        self._router: Router | None = None
        if known := packaged(index):
            self.places, self._router = known
        self.register_middleware(in_our_words, "http")
        self.register_blueprint(authorizers)

    def complete(self) -> Application:
        """Import and register everything, as packaging needs it."""
        self.import_routes()
        self._register(self._of_events)
        return self

    def import_routes(self) -> None:
        """Import and register all routes, as the API's document needs them."""
        self._register(self._of_routes)
        self._router = Router(self.places)

    def _register(self, blueprints: Iterable[str]) -> None:
        for named in blueprints:
            if named in self._registered:
                continue
            module, _, name = named.partition(":")
            before = {path: len(methods) for path, methods in self.routes.items()}
            self.register_blueprint(getattr(importlib.import_module(module), name))
            self._registered.add(named)
            for path, methods in self.routes.items():
                known = self.places.setdefault(path, [])
                if len(methods) != before.get(path, 0) and named not in known:
                    known.append(named)

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Answer API Gateway's call of a resource, by the route behind it."""
        place = event["requestContext"]
        if "resourcePath" in place:
            if self._router is None:
                self.import_routes()
            found = self._find(place["resourcePath"], event.get("pathParameters") or {})
            if found is None:
                return self._refused(event, errors.NotFound())
            path, parameters = found
            self._register(self.places[path])
            try:
                method = method_of(event)
            except errors.Invalid as refusal:
                return self._refused(event, refusal)
            event = {
                **event,
                "resource": path,
                "pathParameters": parameters or None,
                "requestContext": {**place, "resourcePath": path, "httpMethod": method},
            }
        return super().__call__(event, context)

    def _find(self, resource: str, parameters: dict[str, str]) -> tuple[str, dict[str, str]] | None:
        """The route's path with its parameters; greedy resources have the rest of a path in one."""
        if REST in parameters:
            assert self._router is not None
            return self._router.match(resource.removesuffix(f"{{{REST}+}}") + parameters[REST])
        return (resource, parameters) if resource in self.places else None

    def _refused(self, event: dict[str, Any], error: errors.JifenError) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        language = language_of(headers.get("accept-language"))
        request_id = event["requestContext"].get("requestId", "")
        return problem(error, language, request_id).to_dict(self.api.binary_types)
