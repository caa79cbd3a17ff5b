"""The examples of docs/signing.md make valid signatures."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from chalicelib.earning.rules import check_signature
from chalicelib.kernel import clock

PAGE = (Path(__file__).parents[2] / "docs/signing.md").read_text("utf-8")
SECRET = "a secret with 空格, = and +"


def code(language: str) -> str:
    [found] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def check(header: str, body: bytes) -> None:
    check_signature(header, body, [SECRET], int(clock.machine_now().timestamp()))


@pytest.mark.parametrize("body", [b"", '{"note": "杯"}'.encode(), b"\xff\x00"])
def test_the_python_example_signs_any_body(body: bytes) -> None:
    names: dict[str, Any] = {}
    exec(code("python"), names)
    headers = names["signed"]("shop-1", SECRET, body)
    assert headers["Jifen-Key"] == "shop-1"
    check(headers["Jifen-Signature"], body)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here")
def test_the_openssl_example_signs_its_own_body() -> None:
    told = 'curl() { printf "%s\\n" "$4" "${10}"; }\n'
    ran = subprocess.run(
        ["sh", "-c", told + code("sh")],
        env={"PATH": "/usr/bin:/bin", "SECRET": SECRET, "MALL": "http://mall", "PARTNER": "shop-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    body, header = ran.stdout.splitlines()
    check(header.removeprefix("Jifen-Signature: "), body.encode())
