import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { digest, verify, verifying, type Flaw } from "../src/chain";
import type { Schema } from "../src/schema";
import history from "./fixtures/history.json";
import rebateCash from "./fixtures/rebate-cash.json";

type Entry = Schema<"EntryView">;

const ENTRIES = history as Entry[];
const CASH = rebateCash as Entry[];

/** The history after `change` has had its way with a copy, oldest first. */
function tampered(change: (entries: Entry[]) => void): Entry[] {
  const entries = structuredClone(ENTRIES).reverse();
  change(entries);
  return entries;
}

function at(entries: Entry[], seq: number): Entry {
  return entries[seq - 1] as Entry;
}

/** Compute all hashes anew, as somebody would who can write to the table. */
function sealAgain(entries: Entry[]): void {
  let last = "0".repeat(64);
  for (const entry of entries) {
    entry.prev_hash = last;
    entry.hash = last = digest(entry);
  }
}

function flawsOf(entries: Entry[], seq: number): Flaw[] {
  return verify(entries)
    .flaws.filter((each) => each.seq === seq)
    .map((each) => each.flaw);
}

describe("a real history", () => {
  it("proves itself, in any order of its entries", () => {
    const head = ENTRIES[0]?.hash;
    for (const entries of [ENTRIES, [...ENTRIES].reverse()]) {
      expect(verify(entries)).toEqual({ entries: ENTRIES.length, head, flaws: [] });
    }
  });

  it("has entries of every kind that a member meets", () => {
    const types = new Set(ENTRIES.map((each) => each.type));
    const met = ["accrual", "adjustment", "expiry", "redemption", "reversal", "hold", "capture"];
    expect([...types].sort()).toEqual(
      [...met, "release", "transfer_out", "transfer_in", "clawback"].sort(),
    );
  });

  it("proves itself with lots that never lapse", () => {
    expect(CASH.some((each) => each.lots.some((lot) => lot.at === null))).toBe(true);
    expect(verify(CASH).flaws).toEqual([]);
  });

  it("is no proof when it is empty", () => {
    expect(verify([])).toEqual({ entries: 0, head: null, flaws: [] });
  });

  it("is checked an entry at a time with the same verdict", () => {
    const steps = verifying(ENTRIES);
    const seen: number[] = [];
    let step = steps.next();
    for (; !step.done; step = steps.next()) seen.push(step.value);
    expect(seen).toEqual(ENTRIES.map((_, index) => index + 1));
    expect(step.value).toEqual(verify(ENTRIES));
  });
});

describe("a hash", () => {
  it("is that of docs/verify_history.py's array", () => {
    const lot = { at: "2027-11-30T16:00:00Z", points: 5 };
    const entry: Entry = {
      ...(ENTRIES[0] as Entry),
      ...{ account: "mbr_a:points", seq: 2, type: "accrual", reference: "order_paid:店:1:r" },
      ...{ points: 8, balance_after: 8, lots: [{ at: null, points: 3 }, lot] },
      postings: [
        { account: "program:points:issued", points: -8 },
        { account: "member:mbr_a:points", points: 8 },
      ],
      ...{ source: "店:1", rule: null, content: "ab", prev_hash: "01".repeat(32) },
      ...{ occurred_at: "2026-11-29T00:00:00.5Z", recorded_at: "2026-11-29T00:00:01.234Z" },
    };
    const text =
      '["mbr_a:points",2,"accrual","order_paid:店:1:r",8,8,[[1827590400,5],[32503680000,3]],' +
      '[["program:points:issued",-8],["member:mbr_a:points",8]],"店:1",null,"ab",' +
      "1795910400500,1795910401234]";
    const bytes = Buffer.concat([Buffer.from("01".repeat(32), "hex"), Buffer.from(text, "utf8")]);
    expect(digest(entry)).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  it.each<[string, (entry: Entry) => void]>([
    ["account", (entry) => (entry.account = "mbr_other:points")],
    ["type", (entry) => (entry.type = "unlock")],
    ["reference", (entry) => (entry.reference += "x")],
    ["source", (entry) => (entry.source += "x")],
    ["rule", (entry) => (entry.rule = `${entry.rule}x`)],
    ["content", (entry) => (entry.content = "00")],
    ["occurred_at", (entry) => (entry.occurred_at = "2026-01-01T00:00:00Z")],
    ["points", (entry) => (entry.points += 1)],
    ["balance_after", (entry) => (entry.balance_after += 1)],
    ["a lot", (entry) => entry.lots.push({ at: null, points: 1 })],
    ["a posting", (entry) => entry.postings.reverse()],
  ])("no longer fits when %s changes", (_name, change) => {
    const entries = tampered((all) => change(at(all, 1)));
    expect(flawsOf(entries, 1)).toContain("hash");
  });
});

describe("tampering", () => {
  it("that removes an entry is found", () => {
    const entries = tampered((all) => all.splice(4, 1));
    expect(flawsOf(entries, 5)).toEqual(expect.arrayContaining(["missing", "unlinked"]));
  });

  it("that adds a copy of an entry is found", () => {
    const entries = tampered((all) => all.push(structuredClone(at(all, 3))));
    expect(flawsOf(entries, 4)).toContain("missing");
  });

  it("that removes the newest entries leaves another head", () => {
    const entries = tampered((all) => all.splice(-2));
    expect(verify(entries).flaws).toEqual([]);
    expect(verify(entries).head).not.toBe(verify(ENTRIES).head);
  });

  it("that seals one entry again is found at the next", () => {
    const entries = tampered((all) => {
      at(all, 2).source += "x";
      at(all, 2).hash = digest(at(all, 2));
    });
    expect(flawsOf(entries, 2)).toEqual([]);
    expect(flawsOf(entries, 3)).toEqual(["unlinked"]);
  });

  it.each<[Flaw, (all: Entry[]) => void]>([
    ["other_account", (all) => (at(all, 3).account = "mbr_other:points")],
    ["postings", (all) => ((at(all, 3).postings[0] as { points: number }).points += 1)],
    ["balance", (all) => (at(all, 3).points += 1)],
    ["order", (all) => (at(all, 3).recorded_at = "2020-01-01T00:00:00Z")],
    ["negative_lot", (all) => at(all, 3).lots.push({ at: "2030-01-01T00:00:00Z", points: -1 })],
  ])("that seals everything again is found by %s", (flaw, change) => {
    const entries = tampered((all) => {
      change(all);
      sealAgain(all);
    });
    const found = flawsOf(entries, 3);
    expect(found).toContain(flaw);
    expect(found).not.toContain("hash");
  });
});
