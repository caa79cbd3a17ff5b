from .facts import PurchaseChanged as PurchaseChanged
from .rules.purchases import COMPLETED as COMPLETED
from .rules.purchases import PAID as PAID
from .rules.purchases import UNDONE as UNDONE
from .rules.purchases import Bought as Bought
from .rules.purchases import Purchase as Purchase
