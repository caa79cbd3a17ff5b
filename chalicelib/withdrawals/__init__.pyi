from .actions.deferring import defer_withdrawal as defer_withdrawal
from .actions.sync import sync_withdrawal as sync_withdrawal
from .queries.withdrawals import due_withdrawals as due_withdrawals
