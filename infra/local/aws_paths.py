"""Paths that are the stack's own: of the AWS server, and of the message server."""

# No bucket's name starts with an underscore.
RESTORE = "/_jifen/restore"
KEPT = "/_jifen/kept"
