"""The events of a day can be read again without a scan."""

from __future__ import annotations

from chalicelib.earning.actions.days import note_events
from chalicelib.earning.queries.days import events_of
from chalicelib.earning.tables import EventItem
from chalicelib.kernel import clock
from chalicelib.kernel.store.streams import Change
from tests.api import new_key
from tests.earning.shop import register, sent
from tests.world import World, new_phone, paid


def change_of(event_id: str, number: int) -> Change:
    found = EventItem.find(*EventItem.key("shop-1", event_id))
    return Change(f"{number}{new_key()[:6]}", None, found.serialize() | keys_of(event_id))


def keys_of(event_id: str) -> dict[str, dict[str, str]]:
    pk, sk = EventItem.key("shop-1", event_id)
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def test_each_event_is_of_its_day_once_however_often_its_batch_comes(world: World) -> None:
    phone = new_phone()
    register(phone)
    made = [paid(phone) for _ in range(3)]
    for event in made:
        sent(world, event)
    changes = [change_of(event["id"], number) for number, event in enumerate(made)]
    note_events(changes)
    note_events(changes)
    note_events(changes[1:])
    mine = {event["id"] for event in made}
    day = clock.program_day(clock.now())
    found = [each for each in events_of(day) if each.event_id in mine]
    assert sorted(each.event_id for each in found) == sorted(mine)
    assert {each.partner for each in found} == {"shop-1"}


def test_a_change_of_a_record_is_no_new_event(world: World) -> None:
    phone = new_phone()
    register(phone)
    event = paid(phone)
    sent(world, event)
    change = change_of(event["id"], 1)
    note_events([change._replace(before=change.after)])
    day = clock.program_day(clock.now())
    assert event["id"] not in {each.event_id for each in events_of(day)}
