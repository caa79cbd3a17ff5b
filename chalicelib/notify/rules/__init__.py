"""Which facts become news, and the words that tell them, in Chinese and English."""

from chalicelib.notify.rules.invitations import (
    GIFT_WAITING,
    TEXTS_A_DAY,
    Invitation,
    Waiting,
    invitation,
)
from chalicelib.notify.rules.letters import Letter, letter
from chalicelib.notify.rules.news import (
    CashNews,
    Earned,
    Expiring,
    News,
    OrderNews,
    PointsNews,
    Received,
    Welcome,
    WithdrawalNews,
    news_of,
)
from chalicelib.notify.rules.notices import Notice, goes_by_sms, notice
from chalicelib.notify.rules.places import place_of

__all__ = [
    "GIFT_WAITING",
    "TEXTS_A_DAY",
    "CashNews",
    "Earned",
    "Expiring",
    "Invitation",
    "Letter",
    "News",
    "Notice",
    "OrderNews",
    "PointsNews",
    "Received",
    "Waiting",
    "Welcome",
    "WithdrawalNews",
    "goes_by_sms",
    "invitation",
    "letter",
    "news_of",
    "notice",
    "place_of",
]
