"""`python -m infra.demo` plays the story against the running stack, or one that it starts."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from infra.demo import campaigns, cash, earning, proof, shopping, story
from infra.demo.finding import running
from infra.demo.teller import Failed, Teller
from infra.local.errors import StackError
from infra.local.settings import from_environment
from infra.local.stack import Stack


def main() -> int:
    """Exit code 0 if the story went as told."""
    try:
        if url := running(from_environment()):
            print(f"Playing against the stack at {url}")
            _tell(Teller(url))
            return 0
        print("No stack runs: starting one for the story.")
        with tempfile.TemporaryDirectory() as home, Stack(Path(home)) as stack:
            _tell(Teller(stack.url))
    except (Failed, StackError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0


def _tell(teller: Teller) -> None:
    story.tell(teller)
    shopping.tell(teller)
    earning.tell(teller)
    campaigns.tell(teller)
    proof.tell(teller)
    cash.tell(teller)
    print(f"\n   {teller.units} write units for all of it, streams and notices apart.\n")


raise SystemExit(main())
