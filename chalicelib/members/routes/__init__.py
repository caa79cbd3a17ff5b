"""Calls about members: signing in, profile, identities, addresses, gifts; the staff's too."""

from chalicelib.members.routes import (
    addresses,
    admin,
    identities,
    profile,
    sessions,
    standing,
    transfers,
)
from chalicelib.members.routes.blueprint import members
