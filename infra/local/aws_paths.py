"""The stack's own paths of the AWS server and of the message server."""

# No bucket's name starts with an underscore.
RESTORE = "/_jifen/restore"
KEPT = "/_jifen/kept"
