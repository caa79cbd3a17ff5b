"""What the audit refuses."""

from chalicelib.kernel.errors import Conflict, Words


class ActRecorded(Conflict):
    """This act was done by an earlier try: its record, and what it made, are the answer."""

    code = "act_recorded"
    title = Words("该操作已执行", "This was done before")
