"""`parked list|show|replay|drop`: stream records that a relay gave up, whole, in a bucket."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from chalicelib.kernel.parked import Parcel, outline, parcel_of
from infra.cli import operators
from infra.cli.errors import CommandFailed
from infra.cli.ledger import Bar
from infra.cli.terminal import confirm, number

# Lambda's longest; the client would ask again after a minute, and so replay twice.
_REPLAY_TIMEOUT_S = 900


def add_to(groups: Any) -> None:
    group = groups.add_parser("parked", help="stream records that a relay gave up")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    listed = commands.add_parser("list", help="time, number of records, relay and reason of each")
    listed.set_defaults(run=_list)
    show = commands.add_parser("show", help="keys and changed attributes of its records")
    show.add_argument("name", help="its name in the list, or a part that no other has")
    show.add_argument(
        "--whole", action="store_true", help="the event as it is, with members' personal data"
    )
    show.set_defaults(run=_show)
    replay = commands.add_parser(
        "replay", help="hand it to its relay again; an accepted batch is deleted"
    )
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("names", nargs="*", default=[], metavar="name")
    which.add_argument("--all", action="store_true", help="all that is parked, the oldest first")
    replay.set_defaults(run=_replay)
    drop = commands.add_parser("drop", help="delete one for good: its fact is never published")
    drop.add_argument("name", help="its name in the list, or a part that no other has")
    drop.add_argument("--yes", action="store_true", help="do not ask whether that is meant")
    drop.set_defaults(run=_drop)


def _list(_options: argparse.Namespace) -> None:
    parcels = _parcels()
    if not parcels:
        print("nothing is parked")
        return
    print(f"{'name':<58} {'age':>5} {'records':>7}  relay, reason")
    for each in parcels:
        line = f"{each.name:<58} {age_of(each.at):>5} {len(each.records):>7}"
        print(f"{line}  {each.relay}, {reason_of(each)}")


def _show(options: argparse.Namespace) -> None:
    parcel = _named(options.name, _parcels())
    if options.whole:
        print(json.dumps(parcel.event, ensure_ascii=False, indent=1))
        return
    print(f"name     {parcel.name}")
    print(f"key      {parcel.key}")
    print(f"relay    {parcel.function}")
    print(f"parked   {parcel.at:%Y-%m-%dT%H:%M:%SZ} ({age_of(parcel.at)} ago)")
    print(f"reason   {reason_of(parcel)}")
    for line in map(outline, parcel.records):
        print(f"  {line}")


def _replay(options: argparse.Namespace) -> None:
    parcels = _parcels()
    if not options.all:
        parcels = [_named(name, parcels) for name in dict.fromkeys(options.names)]
    bar, told = Bar(sum(len(each.records) for each in parcels), "records"), []
    failed = 0
    for each in parcels:
        before = _keys()
        why = _run_again(each) or _parked_anew(each, before)
        bar.show(len(each.records))
        failed += why is not None
        taken = f"{number(len(each.records), 'record')} taken"
        told.append(f"{each.name}: {why or taken}")
    bar.end()
    print("\n".join(told) or "nothing is parked")
    if failed:
        raise CommandFailed(f"{failed} of {len(parcels)} failed again and stay parked")


def _parked_anew(parcel: Parcel, before: set[str]) -> str | None:
    """The records of a replayed parcel that its relay has parked again, under new keys."""
    found = [each for each in _read(_keys() - before) if each.numbers & parcel.numbers]
    if not found:
        return None
    taken = len(parcel.numbers - set().union(*(each.numbers for each in found)))
    names = ", ".join(each.name for each in found)
    return f"{number(taken, 'record')} taken, parked anew as {names}"


def _drop(options: argparse.Namespace) -> None:
    parcel = _named(options.name, _parcels())
    if not options.yes:
        for line in map(outline, parcel.records):
            print(f"  {line}")
        confirm(parcel.name, "drop")
    lost = len(parcel.records)
    operators.record("parked.drop", f"parked:{parcel.name}", relay=parcel.function, records=lost)
    _objects().delete_object(Bucket=_bucket(), Key=parcel.key)
    print(f"{parcel.name} is dropped: {number(lost, 'record')} whose facts are never published")


def _run_again(parcel: Parcel) -> str | None:
    """Hand a parcel to its relay and delete it after success; else return the error."""
    answer = _functions().invoke(FunctionName=parcel.function, Payload=json.dumps(parcel.event))
    content = json.loads(answer["Payload"].read() or b"null") or {}
    if answer.get("FunctionError"):
        said = (content.get("errorType"), content.get("errorMessage"))
        return ": ".join(each for each in said if each) or answer["FunctionError"]
    if failures := content.get("batchItemFailures"):
        return f"it stopped at record {failures[0]['itemIdentifier']}: see the relay's log"
    _objects().delete_object(Bucket=_bucket(), Key=parcel.key)
    return None


def _named(name: str, parcels: list[Parcel]) -> Parcel:
    """The one parcel of a name. Raises CommandFailed unless there is exactly one."""
    found = [each for each in parcels if name in each.key]
    if len(found) != 1:
        many = "several are" if found else "nothing is"
        raise CommandFailed(f"{many} parked under {name}: see `parked list`")
    return found[0]


def _parcels() -> list[Parcel]:
    """All parked parcels, oldest first."""
    return sorted(_read(_keys()), key=lambda each: each.at)


def _keys() -> set[str]:
    pages = _objects().get_paginator("list_objects_v2").paginate(Bucket=_bucket())
    return {each["Key"] for page in pages for each in page.get("Contents", [])}


def _read(keys: set[str]) -> Iterator[Parcel]:
    objects, bucket = _objects(), _bucket()
    for key in keys:
        found = objects.get_object(Bucket=bucket, Key=key)
        try:
            yield parcel_of(key, found["LastModified"], found["Body"].read())
        except ValueError as error:
            raise CommandFailed(str(error)) from error


def reason_of(parcel: Parcel) -> str:
    """`RetryAttemptsExhausted after 9 tries`."""
    return f"{parcel.condition} after {number(parcel.tries, 'try')}"


def age_of(at: datetime) -> str:
    """`45s`, `12m`, `7h`, `3d`, by the machine's clock."""
    seconds = max(0, int((datetime.now(UTC) - at).total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= length:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def _bucket() -> str:
    from chalicelib.kernel.config import config

    return f"jifen-{config().stage}-parked-{operators.account_id()}"


def _objects() -> Any:
    import boto3

    return boto3.client("s3")


def _functions() -> Any:
    import boto3
    from botocore.config import Config

    patient = Config(read_timeout=_REPLAY_TIMEOUT_S, retries={"total_max_attempts": 1})
    return boto3.client("lambda", config=patient)
