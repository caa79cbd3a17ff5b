"""Disputes: the cardholder's bank takes the money back at once, with a fee; won, it returns."""

from __future__ import annotations

from infra.local.stripe import forms
from infra.local.stripe.balance import DISPUTE_FEE, book
from infra.local.stripe.errors import WireError
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

_ANSWER_WITHIN_S = 7 * 24 * 3600
_OPEN = ("needs_response", "under_review")
# In Stripe's tests these words in `evidence.uncategorized_text` decide.
WINNING, LOSING = "winning_evidence", "losing_evidence"


def open_for(provider: Provider, charge_id: str, reason: str = "fraudulent") -> Object:
    """The bank withdraws the rest of a charge.

    Raises WireError.
    """
    charge = provider.find("charge", charge_id)
    amount = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] or not charge["paid"] or not amount:
        raise WireError(f"Charge {charge_id} cannot be disputed", "charge_undisputable")
    dispute = provider.make(
        "dispute",
        "dp",
        amount=amount,
        balance_transactions=[],
        charge=charge_id,
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={},
        evidence_details={
            "due_by": provider.now_s() + _ANSWER_WITHIN_S,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="needs_response",
    )
    _book(provider, dispute, "dispute", -amount, DISPUTE_FEE)
    charge["disputed"] = True
    provider.store.put(charge)
    provider.emit("charge.dispute.created", dispute)
    provider.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _book(provider: Provider, dispute: Object, category: str, amount: int, fee: int = 0) -> None:
    line = book(provider, "adjustment", category, amount, dispute, fee)
    dispute["balance_transactions"].append(line)
    provider.store.put(dispute)


def end(provider: Provider, dispute: Object, *, won: bool) -> Object:
    """The bank has decided.

    Raises WireError.
    """
    if dispute["status"] not in _OPEN:
        raise WireError(f"This dispute is already {dispute['status']}", "dispute_closed")
    dispute["status"] = "won" if won else "lost"
    if won:
        _book(provider, dispute, "dispute_reversal", dispute["amount"])
        provider.emit("charge.dispute.funds_reinstated", dispute)
    provider.store.put(dispute)
    provider.emit("charge.dispute.closed", dispute)
    return dispute


def update(provider: Provider, params: Params, name: str) -> Object:
    """Evidence; Stripe's test words decide at once."""
    dispute = provider.find("dispute", name)
    forms.refuse_unknown(params, {"evidence", "metadata", "submit"})
    dispute["metadata"] = forms.metadata(params, dispute["metadata"])
    dispute["evidence"] |= params.get("evidence", {})
    text = dispute["evidence"].get("uncategorized_text")
    provider.store.put(dispute)
    provider.emit("charge.dispute.updated", dispute)
    return end(provider, dispute, won=text == WINNING) if text in (WINNING, LOSING) else dispute


def close(provider: Provider, params: Params, name: str) -> Object:
    """Give in."""
    forms.refuse_unknown(params, ())
    return end(provider, provider.find("dispute", name), won=False)
