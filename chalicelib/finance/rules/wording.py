"""The accountant's words for codes: sheets, types, accounts, flows, states.

A code without a word is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.earning import PURCHASES
from chalicelib.kernel.errors import Words
from chalicelib.ledger import UNIT_NAMES
from chalicelib.orders import STATES as MEMBERS_STATES

SHEET_NAMES = {
    "summary": Words("汇总", "Summary"), "day_orders": Words("订单", "Orders"),
    "payments": Words("收款", "Money in"), "refunds": Words("退款", "Refunds"),
    "fees": Words("手续费", "Fees"), "disputes": Words("争议", "Disputes"),
    "payouts": Words("划转与提现", "Payouts"), "points": Words("积分明细", "Points"),
    "clearing": Words("未清项", "Open items"), "glossary": Words("名词对照", "Glossary"),
}  # fmt: skip
TYPES = {
    "charge": Words("在线收款", "Charge"),
    "cod_collected": Words("货到付款收款", "Collected on delivery"),
    "cod_uncollected": Words("货到付款未收到", "Not collected after all"),
    "refund": Words("退款", "Refund"),
    "refund_failed": Words("退款失败退回", "Failed refund come back"),
    "dispute": Words("争议扣款", "Dispute"),
    "dispute_won": Words("争议胜诉退回", "Dispute won"),
    "dispute_lost": Words("争议败诉", "Dispute lost"),
    "payout": Words("划转至银行", "Payout to the bank"),
    "payout_failed": Words("划转失败退回", "Failed payout come back"),
    "cod_remitted": Words("快递公司交款", "Remitted by a carrier"),
    "withdrawal": Words("会员提现", "Withdrawal by a member"),
    "withdrawal_failed": Words("提现失败退回", "Failed withdrawal come back"),
}
ENTRY_TYPES = {
    "accrual": Words("积分发放", "Accrual"), "unlock": Words("积分解锁", "Unlock"),
    "hold": Words("积分预扣", "Hold"), "capture": Words("预扣扣减", "Capture"),
    "release": Words("预扣释放", "Release"), "redemption": Words("兑换扣减", "Redemption"),
    "expiry": Words("到期失效", "Expiry"), "transfer_out": Words("转赠转出", "Given to another"),
    "transfer_in": Words("转赠转入", "Got from another"),
    "merge_out": Words("账号合并转出", "Merged out"),
    "merge_in": Words("账号合并转入", "Merged in"),
    "adjustment": Words("人工调整", "Adjustment"),
    "reversal": Words("冲正退回", "Reversal"), "clawback": Words("追回", "Clawback"),
}  # fmt: skip
FLOWS = {
    "accrued": Words("发放", "Accrued"), "redeemed": Words("使用", "Redeemed"),
    "expired": Words("过期", "Expired"), "transferred": Words("转赠在途", "In transfer"),
    "adjusted": Words("人工调整", "Adjusted"),
    "written_off": Words("免除待抵扣", "Debts written off"),
}  # fmt: skip
ACCOUNTS = {
    "assets:provider": Words("支付平台存款", "At the payment provider"),
    "assets:bank": Words("银行存款", "Bank"),
    "assets:carriers": Words("应收快递公司代收款", "Owed by carriers"),
    "clearing:unapplied": Words("待退款项", "Money without an order"),
    "clearing:disputed": Words("争议暂扣款", "Held by disputes"),
    "income:sales": Words("销售收入", "Sales"),
    "costs:fees": Words("支付手续费", "Provider's fees"),
    "costs:rebates": Words("返利支出", "Rebates paid"),
    "costs:disputes": Words("争议损失", "Disputes lost"),
}
ACCOUNT_NOTES = {
    "assets:provider": Words("存放于支付平台的本商城资金", "Our money at the payment provider"),
    "assets:bank": Words("已到达银行账户，或从中付出的提现", "What reached our bank, or left it"),
    "assets:carriers": Words("快递公司已代收、尚未交来的货款", "Cash that carriers took for us"),
    "clearing:unapplied": Words("没有有效订单、等待退回的款项", "To be given back"),
    "clearing:disputed": Words("争议未决期间被银行扣住的款项", "Until the dispute is decided"),
    "income:sales": Words("订单收到的现金，减去退款", "Cash paid for orders, less refunds"),
    "costs:fees": Words("支付平台收取的费用", "What the provider keeps"),
    "costs:rebates": Words("会员提取的返利", "Rebate cash that members withdrew"),
    "costs:disputes": Words("败诉争议造成的损失", "Lost for good"),
}
METHODS = {
    "card": Words("银行卡", "Card"), "alipay": Words("支付宝", "Alipay"),
    "wechat_pay": Words("微信支付", "WeChat Pay"), "cod": Words("货到付款", "On delivery"),
    "points": Words("积分", "Points"),
}  # fmt: skip
# Members read the next step, in words for each kind of goods; accountants read the decision, in
# one word for all kinds.
STATES = {
    **MEMBERS_STATES,
    "approved": Words("已审核", "Approved"),
    "rejected": Words("已驳回", "Rejected"),
    "completed": Words("已完成", "Completed"),
}
FIGURES = {
    "points_spent": Words("使用积分", "Points spent"),
    "points_back": Words("退回积分", "Points given back"),
    "cash_paid": Words("订单收款", "Cash paid for orders"),
    "cash_back": Words("订单退款", "Cash given back"),
    "cost_of_goods": Words("商品成本", "Cost of goods"),
    "cost_borne_by_points": Words("其中：积分承担的成本", "of which borne by points"),
    "points_with_known_cost": Words("成本已知的积分（净额）", "Points of known cost, net"),
    "cost_per_point_in_millionths": Words("每积分成本", "Cost of a point"),
    "charges": Words("在线收款", "Charges"),
    "collected_on_delivery": Words("货到付款收款", "Collected on delivery"),
    "uncollected_on_delivery": Words("货到付款未收到", "Not collected after all"),
    "refunds": Words("退款", "Refunds"),
    "refunds_failed": Words("退款失败退回", "Failed refunds come back"),
    "disputes": Words("争议扣款", "Disputes"),
    "disputes_won": Words("争议胜诉退回", "Disputes won"),
    "fees": Words("支付手续费", "Provider's fees"),
    "payouts": Words("划转至银行（已减退回）", "Payouts to the bank, less those come back"),
    "remitted_by_carriers": Words("快递公司交款", "Remitted by carriers"),
    "withdrawals": Words("会员提现（已减退回）", "Withdrawals, less those come back"),
    "opening": Words("期初", "Opening"),
    "closing": Words("期末", "Closing"),
    "debit": Words("借方发生", "Debit"),
    "credit": Words("贷方发生", "Credit"),
    "in_escrow": Words("另：待领取的转赠", "Besides: gifts that wait"),
    **FLOWS,
}
# The reasons of movements of points: the rule that gave them, or the order's end.
RULES = {
    PURCHASES.id: PURCHASES.title,
    "refund": Words("商品退款", "Refund of goods"),
    "cancelled": Words("订单取消", "Order cancelled"),
    "rejected": Words("订单驳回", "Order rejected"),
    "tier": Words("会员等级加倍", "More points by tier"),
    "birthday_gift": Words("生日礼", "Birthday gift"),
    "register": Words("注册任务", "Task: registering"),
    "complete_profile": Words("完善资料任务", "Task: a complete profile"),
    "check_in": Words("签到", "Check-in"),
    "review": Words("评价任务", "Task: a review"),
    "share": Words("分享任务", "Task: sharing"),
    "survey": Words("问卷任务", "Task: a survey"),
    "referral": Words("邀请好友", "Referral"),
}
# Sources without an id.
SOURCES = {
    "provider": Words("支付平台", "Provider"),
    "expiry": Words("到期失效", "Expiry"),
    "birthday_gift": Words("生日礼", "Birthday gift"),
}
CODES: Mapping[str, Mapping[str, Words]] = {
    "type": TYPES, "entry_type": ENTRY_TYPES, "flow": FLOWS,
    "unit": UNIT_NAMES, "account": ACCOUNTS,
    "method": METHODS, "state": STATES, "figure": FIGURES, "sheet": SHEET_NAMES,
    "rule": RULES, "source": SOURCES,
}  # fmt: skip


def word_for(kind: str, code: str, language: str) -> str:
    """The word for a code of a kind; the code itself if there is none."""
    words = CODES[kind].get(code)
    return words.in_language(language) if words else code
