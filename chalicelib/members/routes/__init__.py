"""Routes of members: sign-in, profile, identities, addresses, gifts, and acts of the staff."""

from chalicelib.members.routes import (
    addresses,
    adjustments,
    admin,
    freezing,
    identities,
    people,
    profile,
    providers,
    sessions,
    staff,
    transfers,
)
from chalicelib.members.routes.blueprint import members
