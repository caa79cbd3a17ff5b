"""Writes of payments. The face imports the provider's module, so it loads with the package."""

from chalicelib.payments.actions import provider as provider
