"""A month's trial balance, from what each of its days was settled with."""

from __future__ import annotations

import re
from datetime import date, timedelta

from chalicelib.finance.queries import settlements
from chalicelib.finance.rules.manifests import Manifest
from chalicelib.finance.rules.trial_balances import TrialBalance, month_ends, trial_balance
from chalicelib.kernel.errors import FieldError, Invalid, NotFound, Words

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z")


def find_trial_balance(month: str, currency: str) -> tuple[TrialBalance, Manifest]:
    """A month as far as it is settled, and the settlement that it ends with.

    Raises Invalid naming `month`, DayNotOver for a month of which no day is over, NotFound for
    one of before the first day and for a currency that nothing moved in.
    """
    first, last = _ends(month)
    if last < settlements.FIRST_DAY:
        raise NotFound()
    settled_until = settlements.next_unsettled() - timedelta(days=1)
    if first > settled_until:
        raise settlements.not_over(first)
    days = list(settlements.settlements_of(currency, first, last))
    if not days:
        before = settlements.last_settlement(currency, before=first)
        days = [before] if before else []
    if not days:
        raise NotFound()
    return trial_balance(month, days, last, settled_until), days[-1].manifest


def _ends(month: str) -> tuple[date, date]:
    if not _MONTH.match(month) or not "2000" <= month[:4] <= "9000":
        words = Words("格式须为 yyyy-mm", "reads yyyy-mm")
        raise Invalid(FieldError("month", "not_a_month", words))
    return month_ends(month)
