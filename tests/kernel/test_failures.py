"""Only failures that need an operator are errors in the log; races, waits and outages are not."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.kernel.errors import JifenError, Moved, NotFound, Passes, Unavailable, Waits
from chalicelib.kernel.failures import is_expected, tell
from chalicelib.kernel.fetching import NoAnswer
from chalicelib.kernel.store import queues, streams
from chalicelib.notify.errors import BeingSentElsewhere, SmsDelayed, SmsNotSent
from chalicelib.payments.errors import NotBookedYet, ProviderSilent
from tests.kernel.stream_events import Numbered, messages, one_each, records
from tests.logs import levels, recorded

EXPECTED = [BeingSentElsewhere("ntc_1"), NotBookedYet(), Moved()]
PASSING = [
    Unavailable(), ProviderSilent(), SmsDelayed("ntc_1: Throttling"),
    EndpointConnectionError(endpoint_url="http://127.0.0.1:9"),
    ClientError({"Error": {"Code": "ThrottlingException"}}, "Publish"),
]  # fmt: skip
FAILURES = [
    KeyError("x"),
    SmsNotSent("ntc_1: InvalidParameter"),
    NotFound(),
    ClientError({"Error": {"Code": "AccessDeniedException"}}, "Publish"),
]
CASES = [
    *((error, ("INFO", False)) for error in EXPECTED),
    *((error, ("WARNING", False)) for error in PASSING),
    *((error, ("ERROR", True)) for error in FAILURES),
]
SOURCE = Path(inspect.getfile(JifenError)).parents[1]


@pytest.mark.parametrize(("error", "told"), CASES, ids=repr)
def test_only_failures_that_need_an_operator_are_errors(
    error: Exception, told: tuple[str, bool]
) -> None:
    with recorded() as said:
        tell("it failed", error, about="ord_1")
    assert levels(said) == [told]


@pytest.mark.parametrize(("error", "told"), CASES, ids=repr)
def test_a_deferred_message_comes_back_and_does_not_count_as_failed(
    error: Exception, told: tuple[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(queues, "count", lambda name, **_: counted.append(name))

    def fail(_: Any) -> None:
        raise error

    body = '{"id": "x", "type": "ledger.entry", "occurred_at": "", "data": {"n": 1}}'
    with recorded() as said:
        answer = queues.consume(messages(body), {Numbered: fail})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert levels(said) == [told]
    assert counted == ([] if is_expected(error) else ["MessageFailed"])


def test_an_unreachable_topic_is_a_warning_and_a_poison_record_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def out_of_reach(_: Any) -> None:
        raise Unavailable()

    monkeypatch.setattr(streams, "publish", out_of_reach)
    with recorded() as said:
        streams.relay(records(1), one_each)
    assert levels(said) == [("WARNING", False)]
    monkeypatch.setattr(streams, "publish", lambda _: None)
    with recorded() as said:
        streams.relay(records(-1), one_each)
    assert {level for level, _ in levels(said)} == {"ERROR"}


def test_every_mark_of_an_expected_error_is_known_to_this_test() -> None:
    import app

    def leaves(marker: type[Exception]) -> set[type[Exception]]:
        found = {each for below in marker.__subclasses__() for each in (below, *leaves(below))}
        return {each for each in found if each.__module__.startswith("chalicelib")}

    assert app.app
    assert leaves(Waits) == {type(error) for error in EXPECTED} - {Moved}
    assert leaves(Passes) == {NoAnswer, SmsDelayed}


# Each place that logs an error by itself, with the reason to call an operator.
KNOWN = {
    "kernel/failures.py": 1,  # failures that are neither expected nor passing
    "kernel/store/streams.py": 3,  # a record that cannot be read, is parked, or could not be
    "kernel/store/tables.py": 1,  # a record that cannot be read
    "kernel/web/refusals.py": 1,  # Chalice itself failed
    "kernel/secrets.py": 3,  # a stage without Stripe keys, a captcha's or an app's secret
    "members/actions/providers.py": 1,  # an app whose secret WeChat or QQ does not take
    "finance/actions/settlements.py": 1,  # books that do not tie
    "finance/actions/rebuilds.py": 1,  # other bytes than were published
    "ledger/actions/verification.py": 1,  # a ledger that is not sound
    "orders/actions/stock.py": 1,  # stock that is not sound
    "payments/actions/stripe_gateway/failures.py": 1,  # a key that Stripe does not take
}


def test_only_known_files_log_errors() -> None:
    logs = re.compile(r"logger\(\)\.(?:error|exception|critical)\b")
    found = {
        str(path.relative_to(SOURCE)): len(logs.findall(path.read_text("utf-8")))
        for path in SOURCE.rglob("*.py")
    }
    assert {path: number for path, number in found.items() if number} == KNOWN
