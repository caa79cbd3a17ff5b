"""Calls about members: signing in, profile, sessions, identities, addresses."""

from chalicelib.members.routes import addresses, admin, identities, profile, sessions, standing
from chalicelib.members.routes.blueprint import members

__all__ = ["addresses", "admin", "identities", "members", "profile", "sessions", "standing"]
