"""A wire server of its own for each test, and a receiver of its webhooks."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from chalicelib.payments.actions.stripe_gateway import StripeGateway
from chalicelib.payments.rules.gateway import Gateway
from infra.local.stripe.server import Running, WireServer

API_KEY = "sk_test_of_the_tests"
SECRET = "whsec_of_the_tests"
PAY_PAGE = "http://mall.test/_local/pay/{order}"


class Receiver:
    """Takes webhooks as the mall would; `answers` are the statuses of the next ones, then 200."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.answers.pop(0) if receiver.answers else 200
                receiver.got.append((body, self.headers["Stripe-Signature"]))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_rest: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1/webhooks/stripe"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _ in self.got]

    def types(self) -> list[str]:
        return [event["type"] for event in self.events()]

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class Wire:
    """The running server, and a test's calls to it."""

    def __init__(self, home: Path, receiver: Receiver) -> None:
        self.home, self.receiver = home, receiver
        self.running = self._start()

    def _start(self) -> Running:
        server = WireServer(self.home, API_KEY, PAY_PAGE)
        server.point_at(self.receiver.url, [SECRET])
        running = Running(server)
        running.start()
        return running

    def restart(self) -> None:
        self.running.stop()
        self.running = self._start()

    def tell(self, name: str, body: dict[str, Any] | None = None) -> Any:
        """`GET` without a body, else `POST`."""
        data = None if body is None else json.dumps(body).encode()
        url = f"{self.running.api_base}/_wire/{name}"
        with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=10) as answer:
            return json.load(answer)

    def deliver_all(self) -> None:
        """Wait until no delivery is due."""
        deadline = time.monotonic() + 10
        while self.tell("waiting")["due"]:
            assert time.monotonic() < deadline, "deliveries do not end"
            time.sleep(0.01)

    def client(self, **rest: Any) -> stripe.StripeClient:
        """The official client, unchanged."""
        addresses = {"api": self.running.api_base}
        options = {"max_network_retries": 2} | rest
        return stripe.StripeClient(API_KEY, base_addresses=addresses, **options)

    def gateway(self) -> Gateway:
        return StripeGateway(API_KEY, self.running.api_base)

    def pay(self, intent: str, **body: Any) -> Any:
        return self.tell(f"payment_intents/{intent}/pay", body)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's pauses between tries, as short as tests are."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.02)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def wire(tmp_path: Path, receiver: Receiver) -> Iterator[Wire]:
    made = Wire(tmp_path, receiver)
    yield made
    made.running.stop()
