"""Check a lottery: python3 verify_lottery.py proof.json COMMITMENT [NUMBER=RESULT of yours ...]

COMMITMENT is the hash that the lottery showed before its first draw. Nothing but Python is needed.
"""

import hashlib
import hmac
import json
import pathlib
import sys

TICKETS = 1_000_000


def ticket(seed, lottery, number):
    """256 bits as a fraction of 1, of a million tickets."""
    drawn = hmac.new(seed, f"{lottery}:{number}".encode(), hashlib.sha256).digest()
    return int.from_bytes(drawn, "big") * TICKETS >> 256


def won_by(prizes, at):
    """The prize whose share of the tickets has this one."""
    while at >= prizes[0]["odds"]:
        at, prizes = at - prizes[0]["odds"], prizes[1:]
    return prizes[0]["id"]


def results(proof):
    """The result of each draw: what is gone is the prize without stock, which is no win."""
    left, losses = {each["id"]: each["stock"] for each in proof["prizes"]}, {}
    thanks, sure = next(name for name in left if left[name] is None), proof["guarantee"]
    for number, member in enumerate((each["member"] for each in proof["draws"]), 1):
        drawn = won_by(proof["prizes"], ticket(bytes.fromhex(proof["seed"]), proof["id"], number))
        if sure and losses.get(member, 0) >= sure["after"] and left[sure["prize_id"]]:
            drawn = sure["prize_id"]
        drawn = thanks if left[drawn] in (None, 0) else drawn
        left[drawn] = None if drawn == thanks else left[drawn] - 1
        losses[member] = losses.get(member, 0) + 1 if drawn == thanks else 0
        yield drawn


def faults(proof, commitment, receipts=()):
    """Everything that is wrong with a proof, as lines; none if it holds."""
    if hashlib.sha256(bytes.fromhex(proof["seed"])).hexdigest() != commitment:
        return ["the seed is not the one that was committed to"]
    if sum(each["odds"] for each in proof["prizes"]) != TICKETS:
        return ["the odds are not a million"]
    shown = [(each["number"], each["result"]) for each in proof["draws"]]
    pairs = zip(shown, enumerate(results(proof), 1), strict=True)
    lines = [f"not {was}, but {due}" for was, due in pairs if was != due]
    lines += [] if len(shown) == proof["total"] else [f"{len(shown)} of {proof['total']} draws"]
    return lines + [f"your draw {mine} is not there" for mine in receipts if mine not in shown]


if __name__ == "__main__":
    told = json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
    mine = [(int(number), result) for number, _, result in (a.partition("=") for a in sys.argv[3:])]
    found = faults(told, sys.argv[2], mine)
    sys.stdout.write("\n".join(found[:20] or ["Every draw is as it must be."]) + "\n")
    sys.exit(bool(found))
