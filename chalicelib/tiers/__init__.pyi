from .facts import ActivityRecorded as ActivityRecorded
from .facts import TierChanged as TierChanged
from .facts import TierDowngraded as TierDowngraded
from .facts import TierUpgraded as TierUpgraded
from .queries import benefits_of as benefits_of
from .queries import multiplier_of as multiplier_of
from .queries import tier_of as tier_of
from .queries import want_tier as want_tier
