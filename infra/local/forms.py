"""What S3 refuses of a form that sends a file: moto takes any."""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request

DENIED = "AccessDenied"


def refusal(environ: Mapping[str, Any], body: bytes) -> str | None:
    """The code by which S3 refuses a form; None for one that holds its policy, and for no form.

    Source: S3, "POST policy". The signature is not computed: any client here has the keys.
    """
    is_form = environ.get("CONTENT_TYPE", "").startswith("multipart/form-data")
    if environ["REQUEST_METHOD"] != "POST" or not is_form:
        return None
    sent = Request({**environ, "wsgi.input": io.BytesIO(body)})
    file = sent.files.get("file")
    try:
        policy = json.loads(base64.b64decode(sent.form["policy"]))
        until = datetime.fromisoformat(policy["expiration"])
    except (KeyError, ValueError, binascii.Error):
        return DENIED
    if until < datetime.now(UTC) or "x-amz-signature" not in sent.form or file is None:
        return DENIED
    given = {name.lower(): value for name, value in sent.form.items()}
    given["bucket"] = environ["PATH_INFO"].strip("/")
    size = len(file.read())
    return next(
        (code for each in policy["conditions"] if (code := _broken(each, given, size))), None
    )


def _broken(condition: Any, given: Mapping[str, str], size: int) -> str | None:
    if isinstance(condition, dict):
        return next((DENIED for name, v in condition.items() if given.get(name.lower()) != v), None)
    kind, name, value = condition
    if kind == "content-length-range":
        if size < name:
            return "EntityTooSmall"
        return "EntityTooLarge" if size > value else None
    found = given.get(name.removeprefix("$").lower(), "")
    fits = found.startswith(value) if kind == "starts-with" else found == value
    return None if fits else DENIED
