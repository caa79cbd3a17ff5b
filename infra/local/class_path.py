"""DynamoDB Local's class path, and an archive of its classes that Java maps instead of loading.

Java archives no classes where a folder is on the class path, and the manifest of the engine's jar
names one. So a copy of the jar without its manifest is run, beside the jars that it asked for.
Source: JDK 17, "Class Data Sharing", -XX:ArchiveClassesAtExit.
"""

import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

from infra.local import downloads

_MAIN = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner"
_MANIFEST = "META-INF/MANIFEST.MF"


@dataclass(frozen=True)
class ClassPath:
    """What a Java runs the engine from: jars in order, and their archive once there is one."""

    jars: str
    archive: Path

    def archiving(self, target: Path) -> list[str]:
        """Options that write an archive when Java ends."""
        return [f"-XX:ArchiveClassesAtExit={target}", *self._main()]

    def running(self) -> list[str]:
        """Options that use the archive where there is one; Java passes over one that is none."""
        shared = [f"-XX:SharedArchiveFile={self.archive}"] if self.archive.exists() else []
        return [*shared, *self._main()]

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
    which = hashlib.sha256(os.path.realpath(java).encode()).hexdigest()[:8]
    return ClassPath(os.pathsep.join(jars), cache / f"engine-{lock}-java-{version}-{which}.jsa")


def _asked_for(archive: zipfile.ZipFile, folder: Path) -> list[Path]:
    """The jars of the manifest's class path; a line of a manifest goes on behind a blank."""
    manifest = archive.read(_MANIFEST).decode().replace("\r\n", "\n").replace("\n ", "")
    [line] = [each for each in manifest.splitlines() if each.startswith("Class-Path:")]
    return [folder / name for name in line.split()[1:] if name.endswith(".jar")]


def _copy_bare(archive: zipfile.ZipFile, target: Path) -> None:
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    with zipfile.ZipFile(partial, "w") as copy:
        for name in archive.namelist():
            if name != _MANIFEST:
                copy.writestr(name, archive.read(name))
    partial.rename(target)
