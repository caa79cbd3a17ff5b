"""Which facts become news, and the words that tell them, in Chinese and English."""

from chalicelib.notify.rules.invitations import (
    GIFT_WAITING,
    TEXTS_A_DAY,
    Invitation,
    Waiting,
    invitation,
)
from chalicelib.notify.rules.letters import letter
from chalicelib.notify.rules.news import (
    CashNews,
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
