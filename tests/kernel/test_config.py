"""Settings come from the environment that is given, and wrong ones are named."""

from __future__ import annotations

import pytest

from chalicelib.kernel.config import UnknownSetting, _read


@pytest.mark.parametrize(("given", "read"), [({}, "zh-CN"), ({"JIFEN_BOOKS_LANGUAGE": "en"}, "en")])
def test_every_setting_is_read_from_the_environment_that_is_given(
    given: dict[str, str], read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _read({"JIFEN_STAGE": "prod", **given})
    assert (settings.stage, settings.books_language) == ("prod", read)
    monkeypatch.setenv("JIFEN_BOOKS_LANGUAGE", "fr")
    assert _read({"JIFEN_STAGE": "prod", **given}) == settings


def test_a_language_that_there_is_not_is_named() -> None:
    with pytest.raises(UnknownSetting, match="JIFEN_BOOKS_LANGUAGE"):
        _read({"JIFEN_STAGE": "prod", "JIFEN_BOOKS_LANGUAGE": "fr"})
