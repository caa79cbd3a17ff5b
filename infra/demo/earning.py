"""A rule that the staff writes, a gold member's Tuesday by it, explained, and what a wider rule
would have cost over the month before."""

from __future__ import annotations

import secrets
import time
from datetime import datetime, timedelta
from typing import Any

from infra.cli.terminal import number
from infra.demo.noon import PROGRAM
from infra.demo.story import drain, order_paid
from infra.demo.teller import Failed, Teller

TUESDAY = 2
# A process uses the rules that it read for half a minute; twenty more are for a slow machine.
TRIES, PAUSE_S = 25, 2
DOUBLE = {
    "title": {"zh-CN": "金卡周二双倍", "en": "Gold Tuesdays"},
    "event": "order.paid",
    "when": {
        "all": [
            {"field": "member.tier", "op": "in", "value": ["gold", "diamond"]},
            {"field": "event.weekday", "op": "=", "value": TUESDAY},
        ]
    },
    "effect": {"multiply": {"percent": 200}},
    "caps": {"member_day": 500},
    "budget": 100_000,
}
FOR_ALL = {
    "title": {"zh-CN": "周二人人双倍", "en": "Tuesdays for all"},
    "event": "order.paid",
    "when": {"field": "event.weekday", "op": "=", "value": TUESDAY},
    "effect": {"multiply": {"percent": 200}},
}
RULES = "/v1/admin/earning-rules"
MONTH = timedelta(days=29)


def tell(teller: Teller) -> None:
    """The chapters of a rule; it is retired in the end, so that the mall is as before.

    Raises Failed where it goes otherwise than told.
    """
    ops = teller.local("token?role=ops")["access_token"]
    member = teller.local(f"token?role=member&name=jin-ka-{secrets.token_hex(3)}")
    rule = _ops_write_a_rule(teller, ops, member)
    _a_gold_member_buys(teller, ops, member, rule)
    _a_draft_is_held_against_a_month(teller, ops)
    retired = _turn(teller, ops, "retire", rule)
    assert retired["status"] == "retired", "the mall is as before"


def _ops_write_a_rule(teller: Teller, ops: str, member: dict[str, str]) -> Any:
    teller.chapter(
        "Gold members earn double on Tuesdays",
        "A rule is data: conditions, effect, caps, a budget. A dry run says what it would give.",
    )
    draft = teller.call("POST", RULES, DOUBLE, token=ops, show=("id", "status"))
    found = teller.call("GET", f"{RULES}/{draft['id']}", token=ops, show=("status", "budget_left"))
    teller.say(f"Members will read: {found['words']['title']}: {found['words']['text']}")
    asked, shown = order_paid(member["phone"], 300, _last_tuesday(teller)), ("status", "explain")
    teller.say("She is not gold yet. The rule tells what is missing:")
    path = f"{RULES}/{draft['id']}/dry-run"
    teller.call("POST", path, asked, token=ops, show=shown)
    return _turn(teller, ops, "publish", found)


def _a_draft_is_held_against_a_month(teller: Teller, ops: str) -> None:
    teller.chapter(
        "What would it cost for everybody?",
        "The events of the past month are held against a draft, in a job. No point is paid.",
    )
    draft = teller.call("POST", RULES, FOR_ALL, token=ops, show=("id", "status"))
    last = datetime.fromisoformat(teller.local("info")["now"]).astimezone(PROGRAM).date()
    period = {"from": f"{last - MONTH}", "to": f"{last}"}
    path = f"{RULES}/{draft['id']}/replay"
    job = teller.call("POST", path, period, token=ops, expect=202)
    drain(teller, "A worker reads the days")
    found = teller.call("GET", f"/v1/admin/jobs/{job['job_id']}", token=ops, show=("status",))
    assert found["status"] == "done", "the month is read"
    result = found["result"]
    for day in result["days"]:
        if day["events"]:
            teller.say(
                f"{day['day']}: {number(day['events'], 'event')}, paid {day['paid']}, "
                f"would pay {day['would_pay']}, {day['difference']:+d}"
            )
    teller.say(
        f"In all {result['difference']:+d} points over what was paid, "
        f"for {number(result['members'], 'member')}."
    )
    teller.say("The console shows the month as a chart, and gives it as a file:")
    teller.say(f"./jifen --local replay-rules --draft {draft['id']} --from … --to … as well.")


def _turn(teller: Teller, ops: str, act: str, rule: dict[str, Any]) -> Any:
    """Publish or retire a rule as it was seen."""
    seen = {"If-Match": str(rule["version"])}
    shown = ("status", "version")
    path = f"{RULES}/{rule['id']}/{act}"
    return teller.call("POST", path, {}, token=ops, headers=seen, show=shown)


def _a_gold_member_buys(
    teller: Teller, ops: str, member: dict[str, str], rule: dict[str, Any]
) -> None:
    teller.chapter(
        "A gold member's Tuesday",
        "A tier is earned by facts, or given by ops until a day. Each rule says why, or why not.",
    )
    partner = teller.local("info")["partner"]
    now = datetime.fromisoformat(teller.local("info")["now"])
    until = (now + timedelta(days=30)).isoformat(timespec="seconds").replace("+00:00", "Z")
    grant = {"tier": "gold", "until": until, "reason": "老客户关怀"}
    path = f"/v1/admin/members/{member['member_id']}/tier"
    teller.call("POST", path, grant, token=ops, show=("tier", "until"))
    teller.call("GET", "/v1/me/tier", token=member["access_token"], show=("tier", "until"))
    tuesday = _last_tuesday(teller)
    wait_until_in_force(teller, order_paid(member["phone"], 300, tuesday), rule["id"], partner)
    shown = ("status", "explain")
    bought = teller.signed(order_paid(member["phone"], 300, tuesday), partner, show=shown)
    given = {each["rule_id"]: each["points"] for each in bought["explain"] if each["matched"]}
    assert given == {"purchases": 300, rule["id"]: 300}, "300 yuan give 300 points, twice"
    teller.say("On a Wednesday it does not match, and says which condition failed:")
    wednesday = tuesday + timedelta(days=1 if tuesday + timedelta(days=1) <= now else -6)
    teller.signed(order_paid(member["phone"], 300, wednesday), partner, show=shown)
    drain(teller, "She is told of what she earned")


def wait_until_in_force(
    teller: Teller, event: dict[str, Any], rule: str, partner: dict[str, str]
) -> None:
    """Ask by dry runs, which write nothing, until the published rule counts."""
    teller.say("Published rules count within a minute; no request reads them from the table.")
    for _ in range(TRIES):
        found = teller.signed(event, partner, "/v1/events?dry_run=true", show=("status",))
        if any(each["rule_id"] == rule for each in found["explain"]):
            return
        time.sleep(PAUSE_S)
    raise Failed("The published rule did not come into force")


def _last_tuesday(teller: Teller) -> datetime:
    """Tuesday's noon in the program's time, today's or that of the week before."""
    now = datetime.fromisoformat(teller.local("info")["now"]).astimezone(PROGRAM)
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    tuesday = noon - timedelta(days=(now.isoweekday() - TUESDAY) % 7)
    return tuesday if tuesday <= now else tuesday - timedelta(days=7)
