"""Routes of members: sign-in, profile, identities, addresses, gifts, and acts of the staff."""

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
