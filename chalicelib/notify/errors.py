"""Why a delivery of a fact failed; no caller hears of it: the queue brings the fact back."""

from __future__ import annotations

from chalicelib.kernel.errors import Passes, Waits


class BeingSentElsewhere(Waits):
    """Another delivery of the same fact holds the claim on its text message."""


class SmsNotSent(Exception):
    """The provider did not take a text or a letter; says the notice and the kind of failure, never
    whom it was for."""


class SmsDelayed(SmsNotSent, Passes):
    """The provider takes no text now: throttled, or out of reach."""
