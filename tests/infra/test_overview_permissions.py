"""The start page of the staff, and what it counts, is allowed by the API's policy."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import parked
from chalicelib.kernel.store import parking
from tests.api import Api, token
from tests.finance.conftest import bucket, s3  # noqa: F401 - fixtures
from tests.infra.permissions import Guard
from tests.infra.templates import Packaged
from tests.kernel.stream_events import records
from tests.settings import changed

BUCKET = "jifen-dev-parked-123456789012"


@pytest.fixture
def one_parked(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811 - the fixture
    """A bucket in which a relay has parked one record."""
    place = {"LocationConstraint": "ap-southeast-1"}
    bucket.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    for module in (parked, parking):
        monkeypatch.setattr(module, "config", lambda: changed(parked_bucket=BUCKET))
        monkeypatch.setattr(module, "s3", lambda: bucket)
    given_up = records(1)
    parking.park(given_up.to_dict()["Records"][0], given_up.context)


def test_the_api_may_count_what_waits_and_list_parked_records(
    dev: Packaged, api: Api, one_parked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard, admin = Guard(dev, monkeypatch), token("mbr_staff", "admin")
    with guard.acting_as("APIHandler"):
        overview = api.get("/v1/admin/overview", as_=admin)
        listed = api.get("/v1/admin/parked?limit=1", as_=admin)
    assert overview.body["parked"] == {"count": 1, "more": False}
    [record] = listed.body["data"]
    assert (record["reason"], record["tries"]) == ("RecordUnreadable", 1)
    assert {
        ("dynamodb:Query", "OrdersTable.Arn/index/waiting"),
        ("dynamodb:Query", "LedgerTable.Arn/index/due"),
        ("dynamodb:Query", "PaymentsTable.Arn/index/listed"),
        ("dynamodb:Query", "FinanceTable.Arn/index/listed"),
        ("s3:ListBucket", "ParkedRecordsBucket.Arn"),
    } <= guard.seen
