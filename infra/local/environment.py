"""The environment of the functions on this machine, from the files that are deployed."""

import json
import os
from collections.abc import Mapping
from typing import Any

from infra.local.settings import (
    EMAIL_SENDER,
    OPS_EMAIL,
    PAY_PAGE,
    REPOSITORY,
    STAGE,
    Settings,
    client_environment,
)
from infra.local.template import Template


def of_functions(
    settings: Settings,
    template: Template,
    endpoints: Mapping[str, str],
    stripe_api: str,
    sign_in: Mapping[str, str],
    mall: str,
) -> dict[str, str]:
    """Join the stage's variables, the template's and this machine's; the last one wins."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    local = {
        "JIFEN_STAGE": STAGE,
        "JIFEN_HOME": str(settings.home),
        "JIFEN_STRIPE_API_BASE": stripe_api,
        "JIFEN_PAYMENT_PAGE": PAY_PAGE,
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_METRICS_NAMESPACE": "jifen",
        "POWERTOOLS_SERVICE_NAME": "jifen",
        "PYTHONUNBUFFERED": "1",
    }
    local |= _captcha(kept, mall)
    return {
        "JIFEN_EMAIL_SENDER": EMAIL_SENDER,
        "JIFEN_OPS_EMAIL": OPS_EMAIL,
        **_stage_variables(),
        **kept,
        **_template_variables(template),
        **local,
        **sign_in,
        **client_environment(endpoints),
    }


def _captcha(kept: Mapping[str, str], mall: str) -> dict[str, str]:
    """This machine's own captcha, where the place of its verification is a path."""
    path = kept.get("JIFEN_CAPTCHA_VERIFY_URL", "")
    if not path.startswith("/"):
        return {}
    return {
        "JIFEN_CAPTCHA_VERIFY_URL": f"{mall}{path}",
        "JIFEN_CAPTCHA_SCRIPT": f"{path}.js",
        "JIFEN_CAPTCHA_SITE_KEY": "local",
    }


def _stage_variables() -> dict[str, str]:
    """Variables of .chalice/config.json for the stage."""
    file = REPOSITORY / ".chalice/config.json"
    if not file.exists():
        return {}
    config: dict[str, Any] = json.loads(file.read_text())
    stage = config.get("stages", {}).get(STAGE, {})
    return {**config.get("environment_variables", {}), **stage.get("environment_variables", {})}


def _template_variables(template: Template) -> dict[str, str]:
    """Variables that the template gives to any function: one process is all of them here."""
    found: dict[str, str] = {}
    for resource in template.resources.values():
        written = resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
        found |= template.resolve(written)
    names = {"JIFEN_FACTS_TOPIC": "FactsTopic", "JIFEN_PICTURES_BUCKET": "PicturesBucket"}
    known = {name: template.refs[ref] for name, ref in names.items() if ref in template.refs}
    return {**known, **found}
