"""What payments write. The module of the provider is on the face: loaded with this package."""

from chalicelib.payments.actions import provider as provider
