"""The audit's errors."""

from chalicelib.kernel.errors import Conflict, Words


class ActRecorded(Conflict):
    """An earlier try did this act. Its record and its result are the answer."""

    code = "act_recorded"
    title = Words("该操作已执行", "This was done before")
