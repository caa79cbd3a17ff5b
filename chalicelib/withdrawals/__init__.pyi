from .facts import WithdrawalApproved as WithdrawalApproved
from .facts import WithdrawalChanged as WithdrawalChanged
from .facts import WithdrawalFailed as WithdrawalFailed
from .facts import WithdrawalPaid as WithdrawalPaid
from .facts import WithdrawalRejected as WithdrawalRejected
from .facts import WithdrawalReturned as WithdrawalReturned
from .queries.withdrawals import count_undecided as count_undecided
