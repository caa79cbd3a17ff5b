/**
 * The proof of a member's history: each entry's hash covers the entry and the hash before it.
 *
 * Source: docs/ledger.md and docs/verify_history.py, which does the same in Python.
 */
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils";

import type { Schema } from "./schema";

type Entry = Schema<"EntryView">;

/** What is wrong with an entry. */
export type Flaw =
  | "missing"
  | "other_account"
  | "unlinked"
  | "hash"
  | "postings"
  | "balance"
  | "negative_lot"
  | "order";

export interface Verdict {
  entries: number;
  /** The hash of the newest entry: whoever keeps it can prove later what was there. */
  head: string | null;
  flaws: { seq: number; flaw: Flaw }[];
}

const NOTHING = "0".repeat(64);
/** A lot that never lapses is hashed as this, and shown as null. */
const NEVER = "3000-01-01T00:00:00Z";

/** Recompute all entries of one account, in any order. */
export function verify(history: readonly Entry[]): Verdict {
  const steps = verifying(history);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The same, an entry at each step, so that a page may rest between two: yields how many are done. */
export function* verifying(history: readonly Entry[]): Generator<number, Verdict> {
  const walk = new Walk(history[0]?.account ?? null);
  const sorted = [...history].sort((a, b) => a.seq - b.seq);
  const flaws: Verdict["flaws"] = [];
  for (const [index, entry] of sorted.entries()) {
    const seq = index + 1;
    flaws.push(...walk.step(entry, seq).map((flaw) => ({ seq, flaw })));
    yield seq;
  }
  return { entries: sorted.length, head: sorted.at(-1)?.hash ?? null, flaws };
}

/** The hash that an entry must have. */
export function digest(entry: Entry): string {
  const lots = entry.lots.map((lot) => [Math.floor(ms(lot.at) / 1000), lot.points]);
  lots.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const content = [
    ...[entry.account, entry.seq, entry.type, entry.reference, entry.points, entry.balance_after],
    lots,
    entry.postings.map((leg) => [leg.account, leg.points]),
    ...[entry.source, entry.rule, entry.content, ms(entry.occurred_at), ms(entry.recorded_at)],
  ];
  const bytes = concatBytes(hexToBytes(entry.prev_hash), utf8ToBytes(JSON.stringify(content)));
  return bytesToHex(sha256(bytes));
}

class Walk {
  private last = NOTHING;
  private lastMs = 0;
  private balance = 0;
  private readonly lots = new Map<number, number>();

  constructor(private readonly account: string | null) {}

  step(entry: Entry, seq: number): Flaw[] {
    for (const { at, points } of entry.lots) {
      this.lots.set(ms(at), (this.lots.get(ms(at)) ?? 0) + points);
    }
    const now = ms(entry.recorded_at);
    this.balance += entry.points;
    const good: Record<Flaw, boolean> = {
      missing: entry.seq === seq,
      other_account: entry.account === this.account,
      unlinked: entry.prev_hash === this.last,
      hash: digest(entry) === entry.hash,
      postings: entry.postings.reduce((sum, leg) => sum + leg.points, 0) === 0,
      balance: entry.balance_after === this.balance && this.balance === this.live(now),
      negative_lot: [...this.lots.values()].every((points) => points >= 0),
      order: now >= this.lastMs,
    };
    this.last = entry.hash;
    this.lastMs = now;
    return (Object.keys(good) as Flaw[]).filter((flaw) => !good[flaw]);
  }

  private live(now: number): number {
    return [...this.lots].reduce((sum, [at, points]) => (at > now ? sum + points : sum), 0);
  }
}

function ms(at: string | null): number {
  return Date.parse(at ?? NEVER);
}
