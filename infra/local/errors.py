"""The errors that stop the local stack."""


class StackError(Exception):
    """Says in one line why the stack cannot run."""


class FunctionFailed(Exception):
    """A function raised, ran out of time or took its process with it: `kind: message`."""
