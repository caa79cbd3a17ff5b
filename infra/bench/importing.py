"""An engine that is full before it starts: dynoxide imports files as DynamoDB exports them."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from infra.local import dynoxide, engine
from infra.local.engine_process import free_port
from infra.local.resources import create_tables, dynamodb_client
from infra.local.settings import STAGE, from_environment

_BYTES_AN_ITEM = 3000


@contextmanager
def with_items(items: Mapping[str, Iterable[str]], number: int) -> Iterator[str]:
    """The address of an engine with about so many items, given as JSON by their tables' names.

    Raises CalledProcessError.
    """
    cache = from_environment().cache
    with roomy_folder(number * _BYTES_AN_ITEM) as folder:
        _fill(folder, cache, items)
        running = engine.start(folder, cache, folder / "engine.log", free_port(), engine.DYNOXIDE)
        try:
            create_tables(dynamodb_client(running.endpoint), STAGE, streamed=False)
            yield running.endpoint
        finally:
            running.child.kill()


def _fill(folder: Path, cache: Path, items: Mapping[str, Iterable[str]]) -> None:
    source, schema = folder / "export", folder / "schema.json"
    with engine.temporary_engine(engine.DYNOXIDE) as empty:
        client = dynamodb_client(empty)
        tables = [client.describe_table(TableName=name) for name in items]
    schema.write_text(json.dumps(tables, default=str))
    for name, lines in items.items():
        file = source / name / "data" / "items.json.gz"
        file.parent.mkdir(parents=True)
        with gzip.open(file, "wt", compresslevel=1) as written:
            written.writelines(f'{{"Item":{line}}}\n' for line in lines)
    files = {"--source": source, "--schema": schema, "--output": folder / dynoxide.FILE}
    options = [part for option in files.items() for part in option]
    subprocess.run([dynoxide.program(cache), "import", *options], check=True, capture_output=True)
    shutil.rmtree(source)


@contextmanager
def roomy_folder(size: int) -> Iterator[Path]:
    """A folder in memory if it holds the file and as much again, else where the machine says."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * size
    with tempfile.TemporaryDirectory(dir=memory if roomy else None) as name:
        yield Path(name)
