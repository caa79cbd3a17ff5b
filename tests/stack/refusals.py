"""The form of every refusal."""

from __future__ import annotations

import httpx

MEMBERS = {"type", "title", "status", "code", "detail", "request_id", "errors"}
SECRETS = ("Traceback", 'File "', "botocore", "chalicelib", "ConditionExpression", "/site-packages")


def check_refusal(
    answer: httpx.Response, status: int, code: str, field: tuple[str, str] | None = None
) -> None:
    """Assert that an answer is a problem of the contract without secrets, and wrote nothing."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Jifen-Local-Write-Units"] == "0"
    problem = answer.json()
    assert problem.keys() >= MEMBERS
    assert (problem["status"], problem["code"]) == (status, code)
    assert all(problem[name] for name in ("type", "title", "request_id"))
    for each in problem["errors"]:
        assert each.keys() == {"field", "code", "message"}
        assert each["message"]
    if field is not None:
        assert field in [(each["field"], each["code"]) for each in problem["errors"]]
    for secret in SECRETS:
        assert secret not in answer.text
