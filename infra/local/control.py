"""One line of JSON to the pumps and one back, over TCP on this machine."""

import asyncio
import json
from typing import Any

# As much as Lambda lets a function answer.
_LARGEST_ANSWER = 6 * 1024 * 1024


class Refused(Exception):
    """A refusal of the pumps; `status` is the HTTP status of the reason."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code = status, code


async def ask(address: tuple[str, int], question: dict[str, Any]) -> dict[str, Any]:
    """Give the pumps' answer.

    Raises Refused, OSError.
    """
    reader, writer = await asyncio.open_connection(*address, limit=_LARGEST_ANSWER)
    try:
        writer.write(json.dumps(question).encode() + b"\n")
        line = await reader.readline()
    finally:
        writer.close()
    if not line:
        raise ConnectionError("no answer")
    answer: dict[str, Any] = json.loads(line)
    if "refused" in answer:
        raise Refused(*answer["refused"])
    return answer
