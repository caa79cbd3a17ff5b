"""Transfers to connected accounts, and their reversals."""

from __future__ import annotations

from infra.local.stripe import forms, lists
from infra.local.stripe.balance import book, refuse_overdraft
from infra.local.stripe.errors import WireError, missing
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

_TAKES = {"amount", "currency", "description", "destination", "metadata", "transfer_group"}
# Any account is there but these: one that is not, one that may not receive.
UNKNOWN, RESTRICTED = "acct_unknown", "acct_restricted"
# A transfer shows its newest reversals; the others are on pages of their own.
_SHOWN = 10


def create(provider: Provider, params: Params) -> Object:
    forms.refuse_unknown(params, _TAKES)
    amount, currency = forms.amount(params), forms.currency(params)
    destination = forms.text(params, "destination")
    _refuse(destination)
    refuse_overdraft(provider, amount, currency)
    transfer = provider.make(
        "transfer",
        "tr",
        amount=amount,
        amount_reversed=0,
        balance_transaction=None,
        currency=currency,
        description=params.get("description"),
        destination=destination,
        metadata=forms.metadata(params),
        reversed=False,
        source_transaction=None,
        source_type="card",
        transfer_group=params.get("transfer_group"),
    )
    transfer["reversals"] = lists.envelope([], _pages_of(transfer["id"]))
    transfer["balance_transaction"] = book(provider, "transfer", "transfer", -amount, transfer)[
        "id"
    ]
    provider.store.put(transfer)
    provider.emit("transfer.created", transfer)
    return transfer


def _refuse(destination: str) -> None:
    if not destination.startswith("acct_") or destination.startswith(UNKNOWN):
        raise missing("destination", destination, "destination")
    if destination.startswith(RESTRICTED):
        raise WireError(
            "Your destination account needs to have at least one of the following capabilities "
            "enabled: transfers",
            "insufficient_capabilities_for_transfer",
            "destination",
        )


def reverse(provider: Provider, params: Params, name: str) -> Object:
    """Take a transfer back, or so much of it; the answer is the reversal."""
    transfer = provider.find("transfer", name)
    forms.refuse_unknown(params, {"amount", "description", "metadata"})
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = forms.amount(params, left)
    if amount > left:
        raise WireError(
            f"Amount ({amount}) is greater than the unreversed amount of the transfer ({left})",
            param="amount",
        )
    reversal = provider.make(
        "transfer_reversal",
        "trr",
        amount=amount,
        balance_transaction=None,
        currency=transfer["currency"],
        metadata=forms.metadata(params),
        transfer=name,
    )
    del reversal["livemode"]
    line = book(provider, "transfer_refund", "transfer_reversal", amount, reversal)
    reversal["balance_transaction"] = line["id"]
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    shown = [reversal, *transfer["reversals"]["data"]]
    transfer["reversals"] = lists.envelope(
        shown[:_SHOWN],
        _pages_of(name),
        has_more=len(shown) > _SHOWN or transfer["reversals"]["has_more"],
    )
    provider.store.put(reversal)
    provider.store.put(transfer)
    provider.emit("transfer.reversed", transfer)
    return reversal


def list_reversals(provider: Provider, params: Params, name: str) -> Object:
    forms.refuse_unknown(params, forms.LISTING)
    asked = {**params, "transfer": provider.find("transfer", name)["id"]}
    return lists.page(provider, "transfer_reversal", _pages_of(name), asked, ("transfer",))


def _pages_of(name: str) -> str:
    return f"/v1/transfers/{name}/reversals"
