"""Routes of members: sign-in, profile, identities, addresses, gifts, and acts of the staff."""

from chalicelib.members.routes import (
    addresses,
    adjustments,
    admin,
    consents,
    divisions,
    freezing,
    identities,
    login_codes,
    people,
    points,
    policies,
    profile,
    providers,
    sessions,
    sign_outs,
    staff,
    till_codes,
    transfers,
)
from chalicelib.members.routes.blueprint import members
