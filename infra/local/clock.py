"""The offset of the program's clock from the machine's; it is stored and only moves forward."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


class ProgramClock:
    """The offset of a data folder's program, read again whenever it is asked for."""

    def __init__(self, home: Path) -> None:
        """Take the data folder."""
        self._file = home / "clock.json"

    def offset_s(self) -> float:
        """Seconds ahead of the machine's clock."""
        try:
            kept: dict[str, float] = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return 0.0
        return kept["offset_s"]

    def advance(self, seconds: float) -> None:
        """Move forward, durably."""
        partial = self._file.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps({"offset_s": self.offset_s() + seconds}))
        partial.rename(self._file)

    def now(self) -> str:
        """The program's time in RFC 3339."""
        at = datetime.now(UTC) + timedelta(seconds=self.offset_s())
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
