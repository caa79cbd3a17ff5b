"""How the providers behave, well by default: set over `POST /_wire/modes`, kept over restarts."""

from __future__ import annotations

from typing import Literal

import msgspec


class Modes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`down`: connections end at once (`unreachable`), every answer is a 500 (`failing`), a page
    that is no JSON (`garbled`), or WeChat's word that it is busy (`busy`). `slow_ms`: how long each
    answer takes. `lose_answers`: of so many of the next codes the effect stands and the answer
    never comes. `no_unionid`: the apps are joined at no open platform. `no_profile`: a person's
    profile cannot be read.
    """

    down: Literal["unreachable", "failing", "garbled", "busy"] | None = None
    slow_ms: int = 0
    lose_answers: int = 0
    no_unionid: bool = False
    no_profile: bool = False
