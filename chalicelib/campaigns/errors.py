"""What campaigns refuse."""

from chalicelib.kernel.errors import Conflict, Unauthenticated, Words


class SignatureInvalid(Unauthenticated):
    """Unknown partner, or no signature that a live secret of theirs makes."""

    code = "signature_invalid"
    title = Words("签名无效", "The signature is not valid")


class SignatureExpired(Unauthenticated):
    """Signed more than 300 seconds before or after our machine's time."""

    code = "signature_expired"
    title = Words("签名时间超出允许范围", "The signature's time is more than 300 seconds off")


class EventIdReused(Conflict):
    """An event with this id was sent before with other content; `errors` names which."""

    code = "event_id_reused"
    title = Words("事件 id 已用于不同的内容", "This event id was used with other content")


class EventExists(Conflict):
    """The event was recorded since we looked: read it and answer from it."""

    code = "event_exists"
    title = Words("该事件已记录", "This event was recorded before")
