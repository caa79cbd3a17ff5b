"""Check an exported history of points offline: python verify_history.py history.json [head hash]

`history.json` holds all entries of one account as GET /v1/me/points/entries shows them, in any
order: a list, or {"data": [...]}, of all its pages. Exit code 0 if they prove each other, 1 if
not. Without the head hash, the last entry's, nobody can tell whether later ones were left out.
"""

import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path


def ms(text):
    never = "3000-01-01T00:00:00Z"  # a lot that never lapses is hashed as this, and shown as null
    at = datetime.fromisoformat((text or never).replace("Z", "+00:00"))
    return int(at.timestamp()) * 1000 + at.microsecond // 1000


def digest(entry):
    lots = sorted([ms(lot["at"]) // 1000, lot["points"]] for lot in entry["lots"])
    legs = [[leg["account"], leg["points"]] for leg in entry["postings"]]
    names = ("account", "seq", "type", "reference", "points", "balance_after")
    rest = (entry["source"], entry["rule"], entry["content"])
    times = (ms(entry["occurred_at"]), ms(entry["recorded_at"]))
    content = [*(entry[name] for name in names), lots, legs, *rest, *times]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(bytes.fromhex(entry["prev_hash"]) + text.encode()).hexdigest()


def problems(entries, head):
    last, balance, last_ms, lots = "0" * 64, 0, 0, {}
    for seq, entry in enumerate(sorted(entries, key=lambda each: each["seq"]), start=1):
        for lot in entry["lots"]:
            lots[ms(lot["at"])] = lots.get(ms(lot["at"]), 0) + lot["points"]
        now_ms, balance = ms(entry["recorded_at"]), balance + entry["points"]
        live = sum(points for at, points in lots.items() if at > now_ms)
        checks = {
            "is missing": entry["seq"] == seq,
            "is of another account": entry["account"] == entries[0]["account"],
            "does not follow the one before": entry["prev_hash"] == last,
            "does not have its hash": digest(entry) == entry["hash"],
            "has postings that do not sum to 0": sum(p["points"] for p in entry["postings"]) == 0,
            "has a wrong balance": entry["balance_after"] == balance == live,
            "has less than nothing in a lot": min(lots.values(), default=0) >= 0,
            "is older than the one before": now_ms >= last_ms,
        }
        yield from (f"entry {seq} {what}" for what, good in checks.items() if not good)
        last, last_ms = entry["hash"], now_ms
    if head not in (None, last):
        yield f"the last hash is {last}"


history = json.loads(Path(sys.argv[1]).read_text("utf-8"))
history = history["data"] if isinstance(history, dict) else history
found = list(problems(history, sys.argv[2] if len(sys.argv) > 2 else None))
if found or not history:
    sys.exit("\n".join(found) or "there is no entry")
sys.stdout.write(f"{len(history)} entries prove each other\n")
