"""The error of packaging."""


class PackagingFailed(Exception):
    """An error that an operator reads in one line."""
