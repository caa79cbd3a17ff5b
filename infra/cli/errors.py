"""The errors that stop a command."""


class CommandFailed(Exception):
    """An error that an operator reads in one line."""
