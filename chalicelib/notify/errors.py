"""The errors of a delivery; no caller sees them, since the queue redelivers the fact."""

from __future__ import annotations

from chalicelib.kernel.errors import Passes, Waits


class BeingSentElsewhere(Waits):
    """Another delivery of the same fact holds the claim on its text message."""


class SmsNotSent(Exception):
    """The provider refused a text or an e-mail; it names the notice, never the receiver."""


class SmsDelayed(SmsNotSent, Passes):
    """The provider takes no text now: it throttles, or is out of reach."""
