"""The command that writes a release's corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus import write

CHALICELIB = write.TESTS.parent / "chalicelib"


def test_the_tests_of_every_context_write_the_corpus() -> None:
    folders = (path for path in CHALICELIB.iterdir() if path.is_dir() and path.name[0].isalpha())
    contexts = sorted(path.name for path in folders if path.name != "kernel")
    assert sorted(write.CONTEXTS) == contexts
    assert "withdrawals" in contexts
    assert [name for name in contexts if not (write.TESTS / name / "__init__.py").exists()] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        ([], 2),
        (["next"], 2),
        (["0.2"], 2),
        (["v0.2.0"], 2),
        (["0.2.0\n"], 2),
        (["../0.2.0"], 2),
    ],
)
def test_the_command_makes_no_folder_for_anything_but_a_release(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "HERE", tmp_path)
    with pytest.raises(SystemExit) as ended:
        write.main(arguments)
    assert ended.value.code == code
    assert list(tmp_path.iterdir()) == []
