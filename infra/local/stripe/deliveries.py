"""Webhooks: signed when they leave, tried again until an answer is 2xx, three days long."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from infra.local.stripe.provider import HELD_MS, Provider

GIVEN_UP_MS = 3 * 24 * 3600 * 1000
_TIMEOUT_S = 10.0
_LOOK_S = 0.05
_FIRST_PAUSE_MS, _LONGEST_PAUSE_MS = 250, 30_000


class Deliveries(threading.Thread):
    """Sends due deliveries, one after the other."""

    def __init__(self, provider: Provider) -> None:
        """Take the account whose events go out."""
        super().__init__(daemon=True, name="webhooks")
        self._provider = provider
        self._ended = threading.Event()
        # Sends nothing that the machine would send through a proxy elsewhere.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def run(self) -> None:
        """Send until stopped."""
        while not self._ended.is_set():
            if not self._send_next():
                self._ended.wait(_LOOK_S)

    def stop(self) -> None:
        """Send no more."""
        self._ended.set()
        self.join()

    def due(self) -> int:
        """How many could leave now, or are under way."""
        rows = self._provider.store.run(
            "SELECT count(*) FROM deliveries WHERE ended IS NULL AND due_ms <= ?",
            self._provider.now_ms(),
        )
        return int(rows[0][0])

    def release(self) -> int:
        """Release held deliveries; returns their number."""
        rows = self._provider.store.run(
            "UPDATE deliveries SET due_ms = ? WHERE ended IS NULL AND due_ms = ? RETURNING seq",
            self._provider.now_ms(),
            HELD_MS,
        )
        return len(rows)

    def resend(self, event: str) -> None:
        """Send an event once more, now."""
        now_ms = self._provider.now_ms()
        self._provider.store.run(
            "INSERT INTO deliveries (event, due_ms, first_ms) VALUES (?, ?, ?)",
            event,
            now_ms,
            now_ms,
        )

    def _send_next(self) -> bool:
        """Send the one that is due the longest; whether there was one."""
        rows = self._provider.store.run(
            "SELECT seq, event, first_ms, attempts FROM deliveries"
            " WHERE ended IS NULL AND due_ms <= ? ORDER BY due_ms, seq LIMIT 1",
            self._provider.now_ms(),
        )
        url = self._provider.store.setting("endpoint", None)
        if not rows or url is None:
            return False
        seq, event, first_ms, attempts = rows[0]
        if self._send(url, event):
            self._write(seq, attempts + 1, 0, "delivered")
        elif self._provider.now_ms() - first_ms > GIVEN_UP_MS:
            self._write(seq, attempts + 1, 0, "given up")
        else:
            pause_ms = min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS * 2 ** min(attempts, 10))
            self._write(seq, attempts + 1, self._provider.now_ms() + pause_ms, None)
        return True

    def _send(self, url: str, event: str) -> bool:
        body = json.dumps(self._provider.store.get("event", event), ensure_ascii=False, indent=2)
        signed = signature(body, self._provider.secrets(), int(time.time()))
        request = urllib.request.Request(
            url,
            data=body.encode(),
            method="POST",
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Stripe-Signature": signed,
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            },
        )
        try:
            with self._opener.open(request, timeout=_TIMEOUT_S) as answer:
                return bool(200 <= answer.status < 300)
        except (OSError, urllib.error.HTTPError) as error:
            print(f"{event} was not delivered: {error}", flush=True)
            return False

    def _write(self, seq: int, attempts: int, due_ms: int, ended: str | None) -> None:
        self._provider.store.run(
            "UPDATE deliveries SET attempts = ?, due_ms = ?, ended = ? WHERE seq = ?",
            attempts,
            due_ms,
            ended,
            seq,
        )


def signature(body: str, secrets: list[str], at_s: int) -> str:
    """The Stripe-Signature header: one `v1` for each live secret, by the machine's clock."""
    signed = f"{at_s}.{body}".encode()
    made = [hmac.new(each.encode(), signed, hashlib.sha256).hexdigest() for each in secrets]
    return ",".join([f"t={at_s}", *(f"v1={each}" for each in made)])


def shown(provider: Provider) -> list[dict[str, Any]]:
    """The last deliveries, the newest first."""
    rows = provider.store.run(
        "SELECT d.event, json_extract(o.body, '$.type'), d.due_ms, d.attempts, d.ended"
        " FROM deliveries d JOIN objects o ON o.id = d.event ORDER BY d.seq DESC LIMIT 200"
    )
    names = ("event", "type", "due_ms", "attempts", "ended")
    return [dict(zip(names, row, strict=True)) for row in rows]
