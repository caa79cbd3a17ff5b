"""Why a stage was not packaged."""


class PackagingFailed(Exception):
    """An error that an operator reads in one line."""
