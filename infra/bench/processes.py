"""The cost of each part of a running stack: processor time and memory, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

WORKERS = "workers"
# Both start others, which count apart: all parts; and the workers forked from the application.
_SUPERVISOR, _APPLICATION = "supervisor", "application"
# Source: proc(5): utime and stime, then cutime and cstime, counted from behind the name.
_OWN, _OF_THE_ENDED = slice(11, 13), slice(13, 15)
_TICKS = os.sysconf("SC_CLK_TCK")


class Use(NamedTuple):
    """Processor time in seconds since a process began, and its share of memory (PSS) in KB."""

    cpu_s: float
    memory_kb: int


def of_parts(children: Mapping[str, int]) -> dict[str, Use]:
    """The use of each part with its descendants; `children` are {name: process id}.

    The application's workers, those that have ended too, count apart from the process that they
    are forked from.
    """
    found: dict[str, Use] = {}
    for name, pid in children.items():
        family = family_of(pid)
        if name == _APPLICATION:
            living = _sum(family - {pid})
            found[WORKERS] = living._replace(cpu_s=living.cpu_s + _cpu_s(pid, _OF_THE_ENDED))
        found[name] = _sum({pid} if name in {_SUPERVISOR, _APPLICATION} else family)
    return found


def family_of(pid: int) -> set[int]:
    """A process and its descendants."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            children.setdefault(int(_stat(stat)[1]), []).append(int(stat.parent.name))
    found, waiting = {pid}, [pid]
    while waiting:
        young = [pid for pid in children.get(waiting.pop(), []) if pid not in found]
        found.update(young)
        waiting += young
    return found


def _stat(file: Path) -> list[str]:
    """The fields behind a process's name, which may hold anything."""
    return file.read_text().rpartition(")")[2].split()


def _sum(pids: set[int]) -> Use:
    return Use(sum(map(_cpu_s, pids)), sum(map(_proportional_kb, pids)))


def _cpu_s(pid: int, fields: slice = _OWN) -> float:
    with suppress(OSError):
        return sum(map(int, _stat(Path(f"/proc/{pid}/stat"))[fields])) / _TICKS
    return 0.0


def _proportional_kb(pid: int) -> int:
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0
