"""After thirty-two threads on ten accounts of a real engine, every account proves itself."""

from __future__ import annotations

import os

import pytest

from tests.faults.crowds import new_crowd, work_together
from tests.faults.reckoning import problems_after

# `python -m tests.faults.threads --seconds 60` does the same for longer.
SECONDS = float(os.environ.get("JIFEN_THREADS_SECONDS", "2"))


@pytest.mark.usefixtures("engine")
def test_after_32_threads_on_10_accounts_every_account_proves_itself() -> None:
    crowd = new_crowd(seed=1)
    work_together(crowd, SECONDS)
    assert problems_after(crowd) == []
    assert len(crowd.done) > 10, crowd.answers
    assert not [answer for answer in crowd.answers if answer.endswith("entry_exists")]
