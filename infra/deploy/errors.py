"""Why a stage was not packaged."""


class PackagingFailed(Exception):
    """What an operator is told in one line."""
