"""Tables that an earlier release made grow into those of this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local import downloads, engine
from infra.local.engine import DYNAMODB_LOCAL, DYNOXIDE, KINDS, Kind
from infra.local.engine_process import free_port
from infra.local.resources import create_tables, dynamodb_client, make_tables
from infra.local.settings import from_environment
from infra.local.stream_api import StreamApi
from infra.local.template import load

CACHE = from_environment().cache
ITEM = {"pk": {"S": "PRD#1"}, "sk": {"S": "PRODUCT"}}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.setting)
def test_a_table_made_without_a_stream_gets_one(kind: Kind, tmp_path: Path) -> None:
    if kind is DYNOXIDE and downloads.dynoxide(CACHE) is None:
        pytest.skip(f"npm has no {kind.setting} for this system, {DYNAMODB_LOCAL.setting} has")
    started = engine.start(tmp_path / "data", CACHE, tmp_path / "log", free_port(), kind)
    try:
        tables = dynamodb_client(started.endpoint)
        create_tables(tables, "dev", streamed=False)
        template = load(stage="dev")
        make_tables(tables, template)
        tables.put_item(TableName="jifen-dev-catalog", Item=ITEM)
        api, stream = StreamApi(started.endpoint), template.attributes["CatalogTable.StreamArn"]
        [shard] = api.shards(stream)
        records, _ = api.records(api.iterator(stream, shard["ShardId"], None), 100)
        assert [each["dynamodb"]["NewImage"] for each in records] == [ITEM]
    finally:
        started.child.kill()
