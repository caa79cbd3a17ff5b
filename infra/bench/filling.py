"""Engines with many entries or many accounts in them, filled before anything is measured."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from chalicelib.ledger import Account
from chalicelib.ledger.tables import ACCOUNT, AccountItem, EntryItem, account_key
from infra.bench import histories
from infra.bench.engine_file import EngineFile, Filled, filled
from infra.bench.importing import roomy_folder
from infra.bench.write_units import Typed
from infra.local import engine
from infra.local.engine_process import free_port
from infra.local.resources import create_tables, dynamodb_client
from infra.local.settings import STAGE, from_environment

TABLE = EntryItem.Meta.table_name
_BYTES_AN_ITEM = 2500
_BATCH = 25
_MAKERS, _WORTH_A_PROCESS = 2, 20_000


class Loaded(NamedTuple):
    """A running engine, its content, and the time of filling it."""

    endpoint: str
    folder: Path
    accounts: int
    entries: int
    seconds: float


@contextmanager
def with_entries(
    accounts: int, entries: int, last_ms: int, step_ms: int = histories.DAY_MS
) -> Iterator[Loaded]:
    """An engine with so many accounts, and so many entries evenly among them, each account's a
    step after the other."""
    began, each = time.monotonic(), entries // accounts
    with roomy_folder(entries * _BYTES_AN_ITEM) as folder:
        first = histories.history(0, each, last_ms, step_ms)[1]
        keys: list[Typed] = [
            {"pk": {"S": account_key(histories.account_id(number))}, "sk": {"S": ACCOUNT}}
            for number in range(accounts)
        ]
        # The engine shows its form of each key: accounts' by a stub, entries' by one account.
        with _running(folder) as endpoint:
            create_tables(dynamodb_client(endpoint), STAGE)
            _put(endpoint, [*(EntryItem.of(entry).serialize() for entry in first), *keys])
        kept = []
        with EngineFile(folder, TABLE) as file, _made(accounts, each, last_ms, step_ms) as made:
            for account, entries_of_it in made:
                kept.append(account)
                file.add(entries_of_it)
        with _running(folder) as endpoint:
            _put(endpoint, kept)
            seconds = time.monotonic() - began
            yield Loaded(endpoint, folder, accounts, each * accounts, seconds)


@contextmanager
def with_accounts(accounts: int, due: Sequence[tuple[int, int]], idle_s: int) -> Iterator[Loaded]:
    """An engine with accounts and no entries: (how many, from when on) are due, the others later.

    Seconds since the epoch.
    """
    began = time.monotonic()
    lapses = [at_s for count, at_s in due for _ in range(count)]
    with roomy_folder(accounts * _BYTES_AN_ITEM) as folder:
        with _running(folder) as endpoint:
            create_tables(dynamodb_client(endpoint), STAGE)
            _put(endpoint, [_account(n, at_s) for n, at_s in enumerate([*lapses, idle_s])])
        with EngineFile(folder, TABLE) as file:
            file.add(filled(_account(n, idle_s)) for n in range(len(lapses), accounts))
        with _running(folder) as endpoint:
            yield Loaded(endpoint, folder, accounts, 0, time.monotonic() - began)


def _account(number: int, lapses_s: int) -> Typed:
    points = histories.GIVEN
    lots = {lapses_s: points}
    account = Account(histories.account_id(number), posted=points, lots=lots, accrued=points)
    item: Typed = AccountItem.of(account).serialize()
    return item


@contextmanager
def _made(
    accounts: int, each: int, last_ms: int, step_ms: int
) -> Iterator[Iterable[tuple[Typed, list[Filled]]]]:
    """Every account with its entries; many are made by two processes, beside this one."""
    make = partial(histories.items, length=each, last_ms=last_ms, step_ms=step_ms)
    if accounts * each < _WORTH_A_PROCESS:
        yield map(make, range(accounts))
        return
    with multiprocessing.get_context("spawn").Pool(_MAKERS) as makers:
        yield makers.imap_unordered(make, range(accounts))


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    cache, log = from_environment().cache, folder / "engine.log"
    # It is its file that is filled.
    running = engine.start(folder, cache, log, free_port(), engine.DYNAMODB_LOCAL)
    try:
        yield running.endpoint
    finally:
        running.child.kill()


def _put(endpoint: str, items: Sequence[Typed]) -> None:
    client = dynamodb_client(endpoint)
    for start in range(0, len(items), _BATCH):
        asked = [{"PutRequest": {"Item": item}} for item in items[start : start + _BATCH]]
        answer = client.batch_write_item(RequestItems={TABLE: asked})
        assert not answer["UnprocessedItems"], "the engine takes everything"
