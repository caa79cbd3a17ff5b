"""The API's document as `GET /openapi.json` answers, made without a running mall."""

from __future__ import annotations

import os


def openapi_text() -> str:
    """The document in the language of a caller who asks for none."""
    os.environ.setdefault("JIFEN_STAGE", "dev")
    os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")
    from app import app
    from chalicelib.kernel.web.openapi import document_text
    from chalicelib.kernel.web.service import DocumentQuery

    app.complete()
    return document_text(DocumentQuery().language)
