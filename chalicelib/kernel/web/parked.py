"""Stream records that a relay gave up, for the staff; the command line replays and drops them."""

from __future__ import annotations

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel import cursors
from chalicelib.kernel.clock import rfc3339
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.parked import Parcel, outline, parcels_after
from chalicelib.kernel.web.auth import ADMIN, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

parked = Blueprint(__name__)


class ParkedView(msgspec.Struct):
    """A batch of stream records that `relay` gave up after `tries`: their facts are not published.

    `./jifen parked replay` takes its `name`. `records` has the keys of each record and the names of
    the changed attributes, never their values.
    """

    name: str
    relay: str
    reason: str
    tries: int
    parked_at: str
    records: list[str]


@route(
    parked, "GET", "/v1/admin/parked",
    summary="Stream records that relays gave up, by stream, the oldest first",
    roles=(OPS, ADMIN), query=PageQuery, answer=Page[ParkedView],
    example={"answer": {"next_cursor": None, "data": [{
        "name": "2026-11-29T08.00.00-3f2b9a6e", "relay": "jifen-prod-OrdersRelay-AbC9",
        "reason": "RecordUnreadable", "tries": 1, "parked_at": "2026-11-29T08:00:00Z",
        "records": ["MODIFY mbr_7dq2kzvdkwqymh6dz4wmbyzixe PROFILE (record 9): nickname"],
    }]}},
)  # fmt: skip
def list_parked(call: Call) -> Reply:
    asked: PageQuery = call.query
    after: str = cursors.decode("parked", asked.cursor) or ""
    found, more = parcels_after(after, asked.limit)
    cursor = cursors.encode("parked", found[-1].key) if more else None
    return Reply(Page([_view(each) for each in found], cursor))


def _view(parcel: Parcel) -> ParkedView:
    return ParkedView(
        name=parcel.name,
        relay=parcel.relay,
        reason=parcel.condition,
        tries=parcel.tries,
        parked_at=rfc3339(parcel.at),
        records=[outline(each) for each in parcel.records],
    )
