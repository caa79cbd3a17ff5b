"""What stops a command."""


class CommandFailed(Exception):
    """What an operator is told in one line."""
