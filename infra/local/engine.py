"""The engine that stands in for DynamoDB: which one, started on a folder or for a test."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local import downloads, dynamodb_local, dynoxide
from infra.local.engine_process import Engine, free_port, is_engine
from infra.local.errors import StackError
from infra.local.resources import create_tables, dynamodb_client
from infra.local.settings import STAGE, Settings, from_environment


@dataclass(frozen=True)
class Kind:
    """An engine: its value of JIFEN_ENGINE, its name, its file, its downloads, and its start."""

    setting: str
    name: str
    file: str
    fetch: Callable[[Path], object]
    start_on: Callable[[Path, Path, Path, int], Engine]


DYNOXIDE = Kind("dynoxide", dynoxide.NAME, dynoxide.FILE, dynoxide.program, dynoxide.start)
DYNAMODB_LOCAL = Kind(
    "dynamodb-local",
    dynamodb_local.NAME,
    dynamodb_local.FILE,
    dynamodb_local.jar,
    dynamodb_local.start,
)
KINDS = (DYNOXIDE, DYNAMODB_LOCAL)


@dataclass(frozen=True)
class Choice:
    """An engine, and a line for the person who waits when it is not the usual one."""

    kind: Kind
    why: str | None = None


def choose(settings: Settings, folder: Path | None = None) -> Choice:
    """Give the engine of a data folder: the one that made its file, else JIFEN_ENGINE's.

    Raises StackError where the setting and the file contradict each other.
    """
    asked = _asked(settings.engine)
    made = [kind for kind in KINDS if folder is not None and (folder / kind.file).exists()]
    if not made:
        return Choice(asked) if asked is not None else _usual(settings.cache)
    if asked in made:
        return Choice(asked)
    if asked is not None or len(made) > 1:
        raise StackError(_contradiction(folder, made))
    if made == [DYNAMODB_LOCAL]:
        line = f"{DYNAMODB_LOCAL.name} made the data in {folder} and goes on with it"
        return Choice(DYNAMODB_LOCAL, f"{line}; make reset deletes it and takes {DYNOXIDE.name}")
    return Choice(made[0])


def _asked(setting: str | None) -> Kind | None:
    """Raises StackError."""
    if setting is None:
        return None
    for kind in KINDS:
        if kind.setting == setting:
            return kind
    known = " or ".join(kind.setting for kind in KINDS)
    raise StackError(f"JIFEN_ENGINE is {known}, not {setting}")


def _usual(cache: Path) -> Choice:
    """Raises StackError."""
    if downloads.dynoxide(cache) is not None:
        return Choice(DYNOXIDE)
    line = f"npm gave no {DYNOXIDE.name} for {downloads.system()}"
    return Choice(DYNAMODB_LOCAL, f"{line}: {DYNAMODB_LOCAL.name} takes its place")


def _contradiction(folder: Path | None, made: list[Kind]) -> str:
    names = " and of ".join(kind.name for kind in made)
    settings = " or ".join(kind.setting for kind in made)
    return (
        f"{folder} holds data of {names}: JIFEN_ENGINE must be {settings} to go on with it; "
        "make reset deletes it"
    )


def fetched(settings: Settings, say: Callable[[str], None]) -> Kind | None:
    """Give the engine of the stack's data folder with its downloads, and say the reason.

    None if JIFEN_DYNAMODB_ENDPOINT names one that runs. Raises StackError.
    """
    if settings.dynamodb_endpoint is not None:
        if not is_engine(settings.dynamodb_endpoint):
            raise StackError(f"JIFEN_DYNAMODB_ENDPOINT: no engine at {settings.dynamodb_endpoint}")
        return None
    choice = choose(settings, settings.dynamodb)
    if choice.why is not None:
        say(choice.why)
    choice.kind.fetch(settings.cache)
    return choice.kind


def start(folder: Path, cache: Path, log: Path, port: int, kind: Kind) -> Engine:
    """Start an engine on its file in `folder`, which it makes when there is none.

    Raises StackError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return kind.start_on(folder, cache, log, port)


@contextmanager
def temporary_engine(kind: Kind | None = None) -> Iterator[str]:
    """Give tests the address of an engine with the stage's tables, in memory if possible.

    Its tables have no streams: nothing reads them, and they cost a third of each write.

    Raises StackError.
    """
    settings = from_environment()
    with _memory_folder() as folder:
        engine = start(
            folder / "engine",
            settings.cache,
            folder / "engine.log",
            free_port(),
            kind or choose(settings).kind,
        )
        try:
            create_tables(dynamodb_client(engine.endpoint), STAGE, streamed=False)
            yield engine.endpoint
        finally:
            engine.child.kill()


@contextmanager
def _memory_folder() -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)
