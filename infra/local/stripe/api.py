"""One request of Stripe's API from its headers to its answer."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from infra.local.stripe import expand, forms, intents, routes
from infra.local.stripe.errors import WireError
from infra.local.stripe.idempotency import Kept, Keys
from infra.local.stripe.provider import API_VERSION, Provider
from infra.local.stripe.store import new_id


class Answer:
    """An answer; `changed` says that a write took place."""

    def __init__(self, kept: Kept, *, replayed: bool = False, changed: bool = False) -> None:
        self.status, self.body, self.changed = kept.status, kept.body, changed
        self.headers = {"Stripe-Version": API_VERSION}
        if replayed:
            self.headers["Idempotent-Replayed"] = "true"


def publishable_key(api_key: str) -> str:
    """The key that stands in an app: the account's secret one does not follow from it."""
    return f"pk_test_{hashlib.sha256(api_key.encode()).hexdigest()[:32]}"


class Api:
    """Answers requests in their order, each in one transaction."""

    def __init__(self, provider: Provider, api_key: str) -> None:
        """Take the account and the secret key that opens it."""
        self._provider, self._api_key = provider, api_key
        self._keys = Keys(provider)

    def answer(
        self, method: str, path: str, query: str, body: str, headers: Mapping[str, str]
    ) -> Answer:
        """Give the answer; its Request-Id is new each time."""
        request_id = new_id("req")
        try:
            form = body if method == "POST" else query
            self._authenticate(headers.get("authorization", ""), method, path, form)
            found = self._answer(method, path, form, headers)
        except WireError as error:
            found = Answer(_refusal(error))
        found.headers["Request-Id"] = request_id
        return found

    def _authenticate(self, authorization: str, method: str, path: str, form: str) -> None:
        """Raises WireError."""
        given = authorization.removeprefix("Bearer ")
        if hmac.compare_digest(given.encode(), self._api_key.encode()):
            return
        if given != publishable_key(self._api_key):
            raise WireError("Invalid API Key provided.", status=401, kept=False)
        handler, names = routes.match(method, path)
        if handler not in intents.FOR_PAYERS:
            message = "This API call cannot be made with a publishable API key."
            raise WireError(message, "secret_key_required", status=403, kept=False)
        intents.check_secret(self._provider, names[0], forms.decode(form).get("client_secret"))

    def _answer(self, method: str, path: str, form: str, headers: Mapping[str, str]) -> Answer:
        """Raises WireError."""
        handler, names = routes.match(method, path)
        key = headers.get("idempotency-key") if method == "POST" else None
        asked = f"{method} {path} {form}"
        with self._keys.using(key) if key else nullcontext():
            time.sleep(self._provider.modes().slow_ms / 1000)
            with self._provider.store.transaction():
                before = self._keys.find(key, asked) if key else None
                if before is not None:
                    return Answer(before, replayed=True, changed=before.status < 300)
                self._provider.request = {"id": None, "idempotency_key": key}
                kept = self._execute(handler, forms.decode(form), names)
                if key:
                    self._keys.keep(key, asked, kept)
        return Answer(kept, changed=method == "POST" and kept.status < 300)

    def _execute(self, handler: routes.Handler, params: Mapping[str, Any], names: Any) -> Kept:
        """Raises WireError for an answer that is not kept."""
        try:
            found = handler(self._provider, params, *names)
            # A copy: the stored object and its webhooks stay unexpanded.
            shown = expand.answer(self._provider, json.loads(json.dumps(found)), params)
        except WireError as error:
            if not error.kept:
                raise
            return _refusal(error)
        return Kept(200, json.dumps(shown, ensure_ascii=False, indent=2))


def _refusal(error: WireError) -> Kept:
    return Kept(error.status, json.dumps({"error": error.error}, ensure_ascii=False, indent=2))
