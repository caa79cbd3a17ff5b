"""Members and addresses as values, with pure functions."""

from chalicelib.members.rules.addresses import (
    MAX_ADDRESSES,
    ONE_UNIT_BYTES,
    Address,
    BookAddress,
    in_division,
    valid_address,
)
from chalicelib.members.rules.externals import ExternalId, StaffNote
from chalicelib.members.rules.people import (
    BIRTHDAY_KEPT_DAYS,
    BROWSER_GRACE_MS,
    CODE_DIGITS,
    CODE_LIFETIME_MS,
    CODE_TRIES,
    HOME_COUNTRY,
    LOWEST_TIER,
    MAX_IDENTITIES,
    Contact,
    Destination,
    Kind,
    Member,
    Message,
    code_message,
    email_destination,
    is_code,
    is_in_grace,
    origin,
    phone_destination,
    session_ends_at,
)
from chalicelib.members.rules.policies import Consent
