"""DynamoDB Local's class path, and an archive of its classes that Java maps instead of loading.

Java archives no classes where a folder is on the class path, and the manifest of the engine's jar
names one. So a copy of the jar without its manifest is run, beside the jars that it asked for. And
it archives them upon its own classes' archive only, which not every Java comes with.
Source: JDK 17, "Class Data Sharing", -XX:ArchiveClassesAtExit.
"""

import contextlib
import hashlib
import os
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from infra.local import downloads

_MAIN = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner"
_MANIFEST = "META-INF/MANIFEST.MF"


@dataclass(frozen=True)
class ClassPath:
    """The class path of the engine for a Java: jars in order, and their archive if any, which
    stands upon that of Java's own classes."""

    jars: str
    own: Path
    archive: Path

    def archiving(self, target: Path) -> list[str]:
        """Options that write an archive when Java ends."""
        upon = f"-XX:SharedArchiveFile={self.own}"
        return [upon, f"-XX:ArchiveClassesAtExit={target}", *self._main()]

    def running(self) -> list[str]:
        """Options that use the archive where there is one; Java passes over one that is none."""
        if not self.archive.exists():
            return self._main()
        return [f"-XX:SharedArchiveFile={self.own}{os.pathsep}{self.archive}", *self._main()]

    def _main(self) -> list[str]:
        return ["-cp", self.jars, _MAIN]


def class_path(java: str, version: int, jar: Path, cache: Path) -> ClassPath:
    """Give the class path of this jar for this Java."""
    lock = downloads.lock_digest()[:12]
    bare = cache / f"engine-{lock}.jar"
    with zipfile.ZipFile(jar) as archive:
        if not bare.exists():
            _copy_bare(archive, bare)
        jars = [str(bare), *(str(each) for each in _asked_for(archive, jar.parent))]
    path, runs = os.pathsep.join(jars), os.path.realpath(java)
    own = f"java-{version}-{_short(runs)}.jsa"
    # A cache may serve several copies of the repository, and outlive one that is installed anew: an
    # archive fits the very jars that it was made of.
    engines = f"engine-{lock}-java-{version}-{_short(runs + path + _made(jars))}.jsa"
    return ClassPath(path, cache / own, cache / engines)


def _made(jars: list[str]) -> str:
    """When the jars were written and their sizes, which Java compares, too."""
    found = (Path(jar).stat() for jar in jars if Path(jar).exists())
    return "".join(f" {each.st_mtime_ns}:{each.st_size}" for each in found)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def share_own(java: str, target: Path) -> None:
    """Archive the classes that a Java has itself, once, where it can.

    A second process leaves an existing one: archives depend on its bytes.
    """
    if target.exists():
        return
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        made = Path(name) / target.name
        command = [java, "-Xshare:dump", f"-XX:SharedArchiveFile={made}"]
        subprocess.run(command, capture_output=True, check=False)
        with contextlib.suppress(OSError):
            os.link(made, target)


def _asked_for(archive: zipfile.ZipFile, folder: Path) -> list[Path]:
    """The jars of the manifest's class path; a line of a manifest goes on behind a blank."""
    manifest = archive.read(_MANIFEST).decode().replace("\r\n", "\n").replace("\n ", "")
    [line] = [each for each in manifest.splitlines() if each.startswith("Class-Path:")]
    return [folder / name for name in line.split()[1:] if name.endswith(".jar")]


def _copy_bare(archive: zipfile.ZipFile, target: Path) -> None:
    """Copy the jar without its manifest. A second process leaves an existing one: an archive of
    classes fits one jar only."""
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        made = Path(name) / target.name
        with zipfile.ZipFile(made, "w") as copy:
            for member in archive.namelist():
                if member != _MANIFEST:
                    copy.writestr(member, archive.read(member))
        with contextlib.suppress(FileExistsError):
            os.link(made, target)
