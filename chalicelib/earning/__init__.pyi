from .queries import ways_to_earn as ways_to_earn
from .rules.earning import PURCHASES as PURCHASES
from .rules.earning import WayToEarn as WayToEarn
