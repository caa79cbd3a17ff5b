"""The process that has the application loaded and forks its workers, started again if it dies."""

import socket
import time
from collections.abc import Mapping

from infra.local.errors import StackError
from infra.local.forking import Part
from infra.local.processes import Child
from infra.local.settings import REPOSITORY, Settings

# So many deaths in a minute are no accident.
_DEATHS, _WITHIN_S = 5, 60.0


class Application:
    """The nursery; the gateway and the pumps ask it for workers on a control socket each.

    This process keeps the nursery's ends of these, so that they outlive it: what is asked while
    none runs waits there for the next.
    """

    def __init__(self, settings: Settings, variables: Mapping[str, str]) -> None:
        """Start it with the functions' environment."""
        self._settings, self._variables = settings, variables
        pairs = [socket.socketpair() for _ in range(2)]
        self.controls = [ours for ours, _ in pairs]
        self._theirs = [theirs for _, theirs in pairs]
        self._deaths: list[float] = []
        self.child = self._start()

    def _start(self) -> Child:
        descriptors = [each.fileno() for each in self._theirs]
        return Child(
            "application",
            Part("infra.local.nursery", (self._settings.app, descriptors)),
            self._settings.logs / "functions.log",
            environment=self._variables,
            descriptors=descriptors,
            folder=REPOSITORY,
        )

    def revive(self) -> None:
        """Start it and its workers again, like Lambda after a crash.

        Raises StackError when it dies again and again.
        """
        now = time.monotonic()
        self._deaths = [at for at in self._deaths if now - at < _WITHIN_S] + [now]
        if len(self._deaths) > _DEATHS:
            end, said = self.child.end(), self.child.last_words()
            raise StackError(
                f"the application {end}, again and again: {said} (see {self.child.log})"
            )
        self.child.kill()
        self.child = self._start()
