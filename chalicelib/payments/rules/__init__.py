"""The rules of payments."""

from chalicelib.payments.rules import journal
