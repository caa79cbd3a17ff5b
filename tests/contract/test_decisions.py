"""docs/decisions.md lists the records of its folder; documents name files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INDEX = ROOT / "docs/decisions.md"
RECORDS = sorted((ROOT / "docs/decisions").iterdir())
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINE = re.compile(r"^- (\d{4}-\d\d-\d\d) · \[(.+)\]\(decisions/(.+)\): .+\.$", re.MULTILINE)
TOPS = ("", "chalicelib")
PATH = re.compile(r"`([a-z]+/[\w./-]+\.(?:py|json|jsonl|md|yaml|svg))`")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_index_lists_each_record_once_and_by_date() -> None:
    listed = LINE.findall(INDEX.read_text("utf-8"))
    assert sorted(name for _, _, name in listed) == [record.name for record in RECORDS]
    assert [date for date, _, _ in listed] == sorted(date for date, _, _ in listed)


@pytest.mark.parametrize("record", RECORDS, ids=named)
def test_a_record_has_the_title_and_the_date_of_its_line(record: Path) -> None:
    title, _, dated, *_ = record.read_text("utf-8").split("\n")
    [(date, listed)] = [
        (date, title)
        for date, title, name in LINE.findall(INDEX.read_text("utf-8"))
        if name == record.name
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-[a-z0-9]+(-[a-z0-9]+)*\.md", record.name)
    assert title == f"# {listed}"
    assert record.name.startswith(date)
    assert dated.startswith(f"{date} · ")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_to_other_pages_lead_to_existing_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_each_project_file_named_in_a_page_exists(page: Path) -> None:
    paths = PATH.findall(page.read_text("utf-8"))
    lost = [path for path in paths if not any((ROOT / top / path).exists() for top in TOPS)]
    assert lost == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/architecture.svg"])
def test_each_description_of_the_layout_names_every_context(page: str) -> None:
    shown = set(re.findall(r"(?:`|>)([a-z]+)(?:`|<)", (ROOT / page).read_text("utf-8")))
    contexts = {path.parent.name for path in (ROOT / "chalicelib").glob("*/__init__.py")}
    assert contexts - {"kernel"} <= shown
