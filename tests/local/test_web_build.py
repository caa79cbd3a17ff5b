"""web/ is built when what it is made from has changed, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.docs.openapi import openapi_text
from infra.local.errors import StackError
from infra.local.settings import REPOSITORY, from_environment
from infra.web import building, sources
from tests.local.small_web import builds, small_web, write_text


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small web; the code of the API is a file of the test."""
    made = small_web(tmp_path)
    api = tmp_path / "app.py"
    api.write_text("one")
    monkeypatch.setattr(sources, "_API", (str(api),))
    monkeypatch.setattr(building, "write_document", lambda file: _write(file, api.read_text()[:3]))
    return made


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def _build(web: Path) -> bool:
    return building.build(web, web.parent / "cache")


def test_pages_are_built_once(web: Path) -> None:
    assert not building.is_fresh(web)
    assert _build(web)
    assert building.is_fresh(web)
    assert not _build(web)
    assert builds(web) == 1


def test_a_changed_source_is_built(web: Path) -> None:
    _build(web)
    write_text(web, "second")
    assert not building.is_fresh(web)
    assert _build(web)
    assert "second" in (web / "dist/index.html").read_text()


@pytest.mark.parametrize(
    "name", ["node_modules/x/index.js", "browse/look.ts", ".cache/x", "src/made.ts", "mall/dist/x"]
)
def test_what_is_no_source_changes_nothing(web: Path, name: str) -> None:
    _build(web)
    (web / name).parent.mkdir(parents=True, exist_ok=True)
    (web / name).write_text("changed")
    assert building.is_fresh(web)


def test_code_that_changes_no_document_builds_nothing(web: Path) -> None:
    _build(web)
    (web.parent / "app.py").write_text("one, in other words")
    assert not building.is_fresh(web)
    assert not _build(web)
    assert (building.is_fresh(web), builds(web)) == (True, 1)


def test_a_changed_document_builds_the_pages(web: Path) -> None:
    _build(web)
    (web.parent / "app.py").write_text("two")
    assert _build(web)
    assert builds(web) == 2


def test_two_that_build_at_once_build_once(web: Path) -> None:
    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(_build, [web, web])) == [False, True]
    assert builds(web) == 1


def test_a_broken_build_leaves_nothing_that_looks_fresh(web: Path) -> None:
    _build(web)
    write_text(web, "broken")
    with pytest.raises(StackError, match="npm run build ended with 2"):
        _build(web)
    write_text(web, "first")
    assert not building.is_fresh(web), "what is in dist may be half of it"
    assert _build(web)


def test_a_build_without_a_page_is_refused(web: Path) -> None:
    (web / "build.cjs").write_text("")
    with pytest.raises(StackError, match=r"wrote no dist/index\.html"):
        _build(web)


def test_texts_are_compressed_beside_themselves(web: Path) -> None:
    _build(web)
    names = {path.name for path in (web / "dist").iterdir() if path.is_file()}
    assert names == {"index.html", "favicon.svg", building.STAMP}, "small files stay as they are"
    assets = web / "dist/assets"
    sizes = [(assets / f"app-1a2b.js{each}").stat().st_size for each in ("", ".gz", ".br")]
    assert sizes == sorted(sizes, reverse=True)


def test_the_document_of_the_build_is_the_one_that_the_api_answers(tmp_path: Path) -> None:
    building.write_document(tmp_path / "shared/openapi.json")
    assert (tmp_path / "shared/openapi.json").read_text("utf-8") == openapi_text()


def test_make_web_says_why_it_fails(tmp_path: Path) -> None:
    web = small_web(tmp_path, "broken")
    ran = subprocess.run(
        [sys.executable, "-m", "infra.web"],
        cwd=REPOSITORY,
        env={**os.environ, "JIFEN_WEB": str(web)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "src/text.txt: no such word" in ran.stderr
    assert "run build ended with 2" in ran.stderr.splitlines()[-1]


def test_jifen_web_is_0_or_a_folder_of_pages(tmp_path: Path) -> None:
    assert from_environment({"JIFEN_WEB": "0"}).web is None
    web = small_web(tmp_path)
    assert from_environment({"JIFEN_WEB": str(web)}).web == web
    with pytest.raises(ValueError, match="JIFEN_WEB is 0 or a folder"):
        from_environment({"JIFEN_WEB": str(tmp_path)})
