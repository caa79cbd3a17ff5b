"""The server as the process that the stack runs: killed, it forgets nothing."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
from pathlib import Path

from chalicelib.kernel.money import Money
from chalicelib.payments.actions.stripe_gateway import StripeGateway
from infra.local.keys import kept_secrets
from infra.local.stripe import asking
from tests.stripe_wire.conftest import PAY_PAGE, Receiver

DUE = Money(1990, "CNY")


def start(home: Path, webhooks: str) -> tuple[subprocess.Popen[bytes], str]:
    listener = socket.create_server(("127.0.0.1", 0))
    arguments = [str(listener.fileno()), str(home), webhooks, PAY_PAGE]
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local.stripe.server", *arguments],
        pass_fds=[listener.fileno()],
    )
    api_base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    deadline = time.monotonic() + 20
    while True:
        try:
            asking.ask(api_base, "waiting")
        except (OSError, urllib.error.URLError):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return process, api_base


def test_a_killed_server_continues_where_it_stopped(tmp_path: Path, receiver: Receiver) -> None:
    known = kept_secrets(tmp_path)["stripe"]
    process, api_base = start(tmp_path, receiver.url)
    gateway = StripeGateway(known["api_key"], api_base)
    intent = gateway.create_payment("pay_1", "ord_1", DUE, "card")
    asking.ask(api_base, "modes", {"held": True})
    asking.ask(api_base, f"payment_intents/{intent.id}/pay", {})
    made = gateway.refund("rfd_1", intent.id, Money(500, "CNY"))
    process.kill()
    process.wait()
    process, api_base = start(tmp_path, receiver.url)
    try:
        gateway = StripeGateway(known["api_key"], api_base)
        assert gateway.create_payment("pay_1", "ord_1", DUE, "card") == intent
        found = gateway.find_payment(intent.id)
        assert found.charge is not None
        assert found.charge.refunds == (made,)
        asking.ask(api_base, "deliveries/release", {})
        deadline = time.monotonic() + 10
        while "charge.refunded" not in receiver.types():
            assert time.monotonic() < deadline
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
