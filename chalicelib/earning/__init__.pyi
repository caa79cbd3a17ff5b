from .actions.erasure import erase_of as erase_of
from .facts import OrderMoney as OrderMoney
from .facts import ReviewShown as ReviewShown
from .queries import ways_to_earn as ways_to_earn
from .routes.signed import check_told_at as check_told_at
from .routes.signed import partner_route as partner_route
from .rules.decisions import PURCHASES as PURCHASES
from .rules.decisions import WayToEarn as WayToEarn
