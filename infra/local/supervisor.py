"""Starts every process of the stack in order, watches them, and stops them in order."""

import os
import signal
import socket
import sys
import time
from typing import Any, NoReturn

from infra.local import downloads, engine, environment, keys, listeners, resources, wire
from infra.local.application import Application
from infra.local.clock import ProgramClock
from infra.local.data_folder import alone, keep_trace, write
from infra.local.engine_process import free_port
from infra.local.errors import StackError
from infra.local.forking import Part, load_shared
from infra.local.journal import Journal
from infra.local.page_build import PageBuild
from infra.local.processes import Child, apart, stop_all
from infra.local.providers.apps import settings_for
from infra.local.readiness import gateway_answers, pumps_answer, worker_is_there
from infra.local.settings import HOST, PAY_PAGE, REPOSITORY, Settings, from_environment
from infra.local.spawning import enter
from infra.local.template import load

AWS_SERVICES, MESSAGE_SERVICES = ("s3", "ses", "secrets_manager", "sts"), ("sqs", "sns")
_READY_S = 60.0
_SEED_S = 150.0
_LOOK_S = 0.1
_FRONTS = {"pumps", "gateway"}
_FRONTS_STOP_S, _OTHERS_STOP_S = 2.0, 1.0


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM."""


class Supervisor:
    """The processes of one stack."""

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        """Take the bound socket of the API."""
        self._settings, self._listener = settings, listener
        self._children: list[Child] = []
        self._pages = PageBuild(settings, say)
        self.url = listeners.address(listener)
        self._stripe = listeners.free()
        self._stripe_api = listeners.address(self._stripe)
        self._providers = listeners.free()
        self._providers_api = listeners.address(self._providers)

    def start(self) -> None:
        """Start all, in order.

        Raises StackError.
        """
        template = load(self._settings.template)
        aws, messages = listeners.free(), listeners.free()
        endpoints = dict.fromkeys(MESSAGE_SERVICES, listeners.address(messages))
        endpoints |= dict.fromkeys(AWS_SERVICES, listeners.address(aws))
        resources.name_all(template, endpoints["sqs"])
        external = self._settings.dynamodb_endpoint
        port = free_port()
        endpoints["dynamodb"] = external or f"http://{HOST}:{port}"
        endpoints["dynamodb_streams"] = endpoints["dynamodb"]
        variables = self._variables(template, endpoints)
        # The slowest part of a first start goes on beside the others.
        self._pages.start()
        say("Looking for the engines")
        kind = engine.fetched(self._settings, say)
        downloads.put_viewer(self._settings.cache)
        say("Starting the engines and the application")
        load_shared()
        journal = self._settings.journal
        # Made here: two processes that find none would get into each other's way.
        Journal(journal).close()
        self._spawn("AWS server", "aws_server", aws, journal, endpoints["sqs"])
        self._spawn("message server", "messaging.server", messages, journal)
        self._start_providers()
        self._application = application = Application(self._settings, variables)
        self._children.append(application.child)
        if kind is not None:
            self._start_engine(kind, port)
        self.check()
        self._make_resources(template, endpoints)
        self._seed(application.controls[0])
        self._pages.wait(self.check)
        self._start_fronts(application.controls, variables)
        self._tell()

    def _spawn(self, name: str, module: str, inherited: socket.socket, *rest: Any) -> Child:
        """Start a module that serves on a socket; it is the only one to hold it then."""
        descriptor = inherited.fileno()
        part = Part(f"infra.local.{module}", (descriptor, *rest))
        log = self._settings.logs / f"{module}.log"
        child = Child(name, part, log, descriptors=[descriptor], folder=REPOSITORY)
        inherited.close()
        self._children.append(child)
        return child

    def _start_providers(self) -> None:
        """Those of payments and of sign-in."""
        home = self._settings.home
        # Made here: two processes that find none would make two sets.
        keys.kept_secrets(home)
        told = (f"{self.url}/v1/webhooks/stripe", f"{self.url}{PAY_PAGE}")
        self._spawn("Stripe server", "stripe.server", self._stripe, home, *told)
        self._spawn("sign-in server", "providers.server", self._providers, home)

    def _variables(self, template: Any, endpoints: dict[str, str]) -> dict[str, str]:
        # Pages may be called by either name of this machine.
        malls = [self.url, f"http://localhost:{self.url.rpartition(':')[2]}"]
        sign_in = settings_for(self._providers_api, malls)
        settings, stripe_api = self._settings, self._stripe_api
        return environment.of_functions(
            settings, template, endpoints, stripe_api, sign_in, self.url
        )

    def _start_engine(self, kind: engine.Kind, port: int) -> None:
        cache, log = self._settings.cache, self._settings.logs / "dynamodb.log"
        started = engine.start(self._settings.dynamodb, cache, log, port, kind)
        self._children.append(started.child)

    def _make_resources(self, template: Any, endpoints: dict[str, str]) -> None:
        home = self._settings.home
        template.attributes |= apart(lambda: resources.make(endpoints, template, home))
        self._made = {
            "url": self.url,
            "aws_endpoints": endpoints,
            "stripe_api": self._stripe_api,
            "sign_in_api": self._providers_api,
            "refs": template.refs,
            "attributes": template.attributes,
        }
        self._tell()

    def _tell(self) -> None:
        """Write the list of made resources and running processes."""
        processes = {"supervisor": os.getpid()} | {each.name: each.pid for each in self._children}
        told = {"processes": processes, "pids": list(processes.values())}
        write(self._settings.home / "stack.json", {**self._made, **told})

    def _seed(self, control: socket.socket) -> None:
        """Raises StackError."""
        if not self._settings.seed:
            return
        say("Filling the mall")
        with enter(control) as connection:
            self._wait_for(lambda: worker_is_there(connection))
            connection.settimeout(_SEED_S)
            offset_s = ProgramClock(self._settings.home).offset_s()
            connection.sendall(wire.pack(wire.Call(self._settings.seed, {}, offset_s)))
            outcome = wire.read_outcome(connection)
        if outcome.error is not None:
            raise StackError(f"the mall cannot be filled: {outcome.error}")

    def _start_fronts(self, controls: list[socket.socket], variables: dict[str, str]) -> None:
        listener = listeners.free()
        pumps = listener.getsockname()[1]
        for name, module, inherited, control, rest in (
            ("pumps", "pumps", listener, controls[1], ()),
            ("gateway", "gateway", self._listener, controls[0], (pumps,)),
        ):
            descriptors = [inherited.fileno(), control.fileno()]
            part = Part(f"infra.local.{module}", (*descriptors, *rest))
            log = self._settings.logs / f"{module}.log"
            self._children.append(
                Child(
                    name,
                    part,
                    log,
                    environment=variables,
                    descriptors=descriptors,
                    folder=REPOSITORY,
                )
            )
            inherited.close()
            control.close()
        self._wait_for(lambda: pumps_answer(pumps))
        self._wait_for(lambda: gateway_answers(self.url))

    def _wait_for(self, ready: Any) -> None:
        """Raises StackError."""
        deadline = time.monotonic() + _READY_S
        while True:
            self.check()
            try:
                ready()
            except OSError as error:
                if time.monotonic() > deadline:
                    raise StackError(f"the stack does not answer: {error}") from error
                time.sleep(0.05)
            else:
                return

    def check(self) -> None:
        """Raises StackError when a process has ended."""
        for child in self._children:
            end = child.end()
            if end is not None:
                # Who is killed has no say in it: its last line is about something else.
                killed = child.exit_code() == -signal.SIGKILL
                why = "" if killed else f": {child.last_words()}"
                raise StackError(f"the {child.name} {end}{why} (see {child.log})")

    def addresses(self) -> str:
        """Where a person goes on."""
        pages = f"Mall {self.url}/  console {self.url}/console/  " if self._settings.web else ""
        return f"{pages}accounts and sent codes {self.url}/_local/"

    def watch(self) -> None:
        """Restart the application if it has died: no other process depends on its memory.

        Raises StackError when another process has ended.
        """
        application = self._application
        end = application.child.end()
        if end is not None:
            say(f"The application {end}; it starts again")
            place = self._children.index(application.child)
            application.revive()
            self._children[place] = application.child
            self._tell()
        self.check()

    def stop(self) -> None:
        """Stop the fronts, which finish their requests, then the parts behind them."""
        fronts = [child for child in self._children if child.name in _FRONTS]
        self._pages.stop()
        stop_all(fronts, _FRONTS_STOP_S)
        stop_all([child for child in self._children if child not in fronts], _OTHERS_STOP_S)
        self._listener.close()
        (self._settings.home / "stack.json").unlink(missing_ok=True)


def say(line: str) -> None:
    """Print a line for the waiting person."""
    print(line, flush=True)


def _stop_asked(*_: object) -> NoReturn:
    raise StopAsked


def _run(settings: Settings) -> None:
    """Raises StackError, StopAsked."""
    began = time.monotonic()
    supervisor = Supervisor(settings, listeners.bound(settings.port))
    try:
        supervisor.start()
        took_s = time.monotonic() - began
        say(f"Started in {took_s:.1f} s")
        say(f"Jifen is ready: {supervisor.url}  docs {supervisor.url}/docs  data {settings.home}")
        say(supervisor.addresses())
        while True:
            time.sleep(_LOOK_S)
            supervisor.watch()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def _settings() -> Settings:
    """Raises StackError."""
    try:
        return from_environment()
    except ValueError as error:
        raise StackError(str(error)) from error


def main() -> int:
    """Run the stack until it is told to stop; the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop_asked)
    try:
        settings = _settings()
        with alone(settings):
            _run(settings)
    except StopAsked:
        say("Stopped; the data is kept")
        return 0
    except StackError as error:
        print(f"jifen: {error}", file=sys.stderr, flush=True)
    except Exception as error:
        keep_trace(settings)
        print(f"jifen: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    return 1
