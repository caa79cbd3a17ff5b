"""The choice of facts that become news, and their words in Chinese and English."""

from chalicelib.notify.rules.choosing import NEWS_FACTS, news_of
from chalicelib.notify.rules.invitations import (
    TEXTS_A_DAY,
    Invitation,
    invitation,
)
from chalicelib.notify.rules.letters import letter
from chalicelib.notify.rules.news import (
    AccountNews,
    CashNews,
    CouponNews,
    DeviceNews,
    Earned,
    Expiring,
    News,
    OrderNews,
    PointsNews,
    Received,
    ReturnNews,
    ReviewNews,
    TierNews,
    Welcome,
    WithdrawalNews,
)
from chalicelib.notify.rules.notices import Notice, goes_by_sms, notice
from chalicelib.notify.rules.places import place_of
from chalicelib.notify.rules.stock import stock_letter
