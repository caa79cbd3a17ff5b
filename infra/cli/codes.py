"""`codes import|count`: fills a pool of codes from a file, and counts it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from infra.cli import operators
from infra.cli.errors import CommandFailed
from infra.cli.ledger import Bar, be_patient
from infra.cli.terminal import number

# As many as the API takes at once.
PART = 1_000
_MOST_TOLD = 10


def add_to(groups: Any) -> None:
    group = groups.add_parser("codes", help="codes of virtual goods")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    take = commands.add_parser(
        "import",
        help="import a file of codes, one a line; run it again after a break, and it goes on",
    )
    take.add_argument("sku")
    take.add_argument("file", type=Path)
    take.set_defaults(run=_import)
    count = commands.add_parser("count", help="count the free and the issued codes of a pool")
    count.add_argument("sku")
    count.set_defaults(run=_count)


def _import(options: argparse.Namespace) -> None:
    from chalicelib.kernel import crypto

    codes = _read(options.file)
    be_patient()
    # The key of the stage is in the id: a part is found again, and tells nothing of its codes.
    parts = [codes[start : start + PART] for start in range(0, len(codes), PART)]
    bar, imported, there = Bar(len(codes), "codes"), 0, 0
    for part in parts:
        part_id = "imp_" + crypto.keyed_hash("import part", options.sku, *part)[:16].hex()
        done = _import_part(options.sku, part, part_id)
        imported, there = imported + done.imported, there + done.duplicates
        bar.show(len(part))
    bar.end()
    print(f"imported {imported:,}")
    print(f"there    {there:,}")
    _count(options)


def _import_part(sku: str, codes: Sequence[str], part_id: str) -> Any:
    from chalicelib.audit import Act
    from chalicelib.catalog.actions.codes import import_codes
    from chalicelib.catalog.tables.pools import ImportItem
    from chalicelib.kernel import clock, ids

    record = ImportItem.key(part_id)
    record.id, record.made_by = part_id, operators.name()
    now = clock.now()
    act_id = ids.derived_id("act", "codes.import", part_id)
    act = Act(act_id, "codes.import", sku, operators.actor(), clock.to_ms(now))
    made, _ = import_codes(sku, codes, record, now, act)
    return made


def _count(options: argparse.Namespace) -> None:
    from chalicelib.catalog.queries.pools import count_codes

    free, issued = count_codes(options.sku)
    print(f"free     {free:,}")
    print(f"issued   {issued:,}")


def _read(file: Path) -> list[str]:
    """The codes of a file, each once.

    Raises CommandFailed naming the first lines that hold no code.
    """
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{file} cannot be read as UTF-8: {error}") from error
    found = {line.strip(): None for line in lines if line.strip()}
    wrong = [f"line {place}" for place, line in enumerate(lines, 1) if not _is_code(line.strip())]
    if wrong:
        told = ", ".join(wrong[:_MOST_TOLD])
        raise CommandFailed(f"{number(len(wrong), 'line')} hold no code: {told}")
    if not found:
        raise CommandFailed(f"{file} holds no code")
    return list(found)


def _is_code(text: str) -> bool:
    from chalicelib.kernel.texts import VoucherCode

    try:
        return not text or msgspec.convert(text, VoucherCode) == text
    except msgspec.ValidationError:
        return False
