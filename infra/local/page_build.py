"""The build of the pages beside the start of the stack."""

import sys
import time
from collections.abc import Callable

from infra.local.errors import StackError
from infra.local.processes import Child
from infra.local.settings import REPOSITORY, Settings
from infra.web.building import is_fresh

_LOOK_S = 0.1
_SHOWN_LINES = 20


class PageBuild:
    """A process that builds the pages when they are not as their sources are."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        """Take what tells the waiting person."""
        self._settings, self._say = settings, say
        self._child: Child | None = None

    def start(self) -> None:
        """Start it, if there are pages to build."""
        if self._settings.web is None or is_fresh(self._settings.web):
            return
        log = self._settings.logs / "web.log"
        # The last lines are those of this build.
        log.unlink(missing_ok=True)
        self._say(f"Building the pages; the first time takes a minute or two (see {log})")
        command = [sys.executable, "-m", "infra.web"]
        self._child = Child("build of the pages", command, log, folder=REPOSITORY)

    def wait(self, check: Callable[[], None]) -> None:
        """Wait until the pages are there; `check` looks after the other processes meanwhile.

        Raises StackError.
        """
        if self._child is None:
            return
        if self._child.exit_code() is None:
            self._say("Waiting for the pages")
        while (code := self._child.exit_code()) is None:
            check()
            time.sleep(_LOOK_S)
        if code != 0:
            said = self._child.last_lines(_SHOWN_LINES)
            raise StackError(
                f"the pages cannot be built (see {self._child.log}); JIFEN_WEB=0 starts without "
                f"them. The build said:\n{said}"
            )

    def stop(self) -> None:
        """End it and all that it started."""
        if self._child is not None:
            self._child.kill()
