"""All queues: messages are sent, received, deleted and moved; waiting polls are woken."""

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from infra.local.messaging.journal import MessageJournal
from infra.local.messaging.messages import Message, Queue, new_message
from infra.local.messaging.refusals import no_queue
from infra.local.settings import ACCOUNT_ID, REGION

Arrived = Callable[[str], None]


class Broker:
    """The queues by name; each change is told to the journal, which the server commits."""

    def __init__(self, journal: MessageJournal, arrived: Arrived) -> None:
        """Take the journal, and a callback with the name of a queue that got a message."""
        self._journal, self._arrived = journal, arrived
        self._queues: dict[str, Queue] = {}
        self._waiting = journal.messages()
        self._numbers = count(1 + max((each.number for each in self._waiting), default=0))

    def make(self, name: str, attributes: dict[str, str]) -> Queue:
        """The queue of a name; one that is made now gets the messages that were kept for it."""
        if name not in self._queues:
            queue = self._queues[name] = Queue(name, arn_of(name), attributes)
            for message in self._waiting:
                if message.queue == name:
                    queue.add(message)
            self._waiting = [each for each in self._waiting if each.queue != name]
        return self._queues[name]

    def names(self) -> list[str]:
        return list(self._queues)

    def named(self, name: str) -> Queue:
        """Raises Refused."""
        try:
            return self._queues[name]
        except KeyError:
            raise no_queue() from None

    def with_arn(self, arn: str) -> Queue | None:
        found = self._queues.get(arn.rpartition(":")[2])
        return found if found is not None and found.arn == arn else None

    def feeding(self, dead_letters: Queue) -> list[Queue]:
        """The queues whose dead letters go to this one."""
        return [each for each in self._queues.values() if each.dead_letters == dead_letters.arn]

    def send(
        self, queue: Queue, body: str, attributes: dict[str, Any], delay_s: float = 0.0
    ) -> Message:
        message = new_message(next(self._numbers), queue.name, body, attributes)
        self._put(queue, message, delay_s)
        return message

    def receive(self, queue: Queue, most: int, visibility_s: float | None) -> list[Message]:
        """The oldest visible messages, hidden from now on; those received too often are dead."""
        found: list[Message] = []
        while len(found) < most and (message := queue.take()) is not None:
            dead = self._dead_letters(queue, message)
            if dead is None:
                found.append(message)
            else:
                self._put(dead, message)
        for message in found:
            queue.put_in_flight(message, visibility_s)
            self._journal.keep(message)
        return found

    def delete(self, queue: Queue, receipt: str) -> None:
        """Raises Refused."""
        message = queue.remove(receipt)
        if message is not None:
            self._journal.drop(message)

    def wake(self, queue: Queue) -> None:
        """Wake the polls of the queue: a message is visible, or will be."""
        self._arrived(queue.name)

    def purge(self, queue: Queue) -> None:
        self._drop(queue.clear())

    def move(self, source: Queue, destination: Queue) -> int:
        """Send all visible messages as new ones to another queue; returns their number.

        Source: Amazon SQS, "Configuring a dead-letter queue redrive": a message that is moved is
        new, with an id, a time of sending and a count of receives of its own.
        """
        there = list(source.drain_visible())
        for message in there:
            self.send(destination, message.body, message.attributes)
        self._drop(there)
        return len(there)

    def _dead_letters(self, queue: Queue, message: Message) -> Queue | None:
        if queue.dead_letters is None or message.receives < queue.most_receives:
            return None
        return self.with_arn(queue.dead_letters)

    def _put(self, queue: Queue, message: Message, delay_s: float = 0.0) -> None:
        queue.add(message, delay_s)
        self._journal.keep(message)
        self._arrived(queue.name)

    def _drop(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._journal.drop(message)


def arn_of(queue: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{queue}"
