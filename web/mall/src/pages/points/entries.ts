/** An entry of the ledger in a member's words. Source: docs/ledger.md, the table of references. */
import type { Schema } from "@jifen/shared/schema";

export type Entry = Schema<"EntryView">;
export type EntryType = Entry["type"];

export const TYPES = [
  "accrual",
  "unlock",
  "redemption",
  "hold",
  "capture",
  "release",
  "reversal",
  "transfer_in",
  "transfer_out",
  "merge_in",
  "merge_out",
  "expiry",
  "clawback",
  "adjustment",
] as const satisfies readonly EntryType[];

/** Lines by type, in the order of `TYPES`. */
export function inOrder<Line extends { type: EntryType }>(lines: readonly Line[]): Line[] {
  return [...lines].sort((a, b) => TYPES.indexOf(a.type) - TYPES.indexOf(b.type));
}

/** What brought an entry about. */
export type Origin =
  | { kind: "order"; order: string }
  | { kind: "withdrawal"; withdrawal: string }
  | { kind: "partner"; partner: string; number: string }
  | { kind: "gift" }
  | { kind: "task" }
  | { kind: "none" };

interface Explained {
  /** The name of what happened, below `points.what` in the language files. */
  what: string;
  origin: Origin;
}

const GIFT = /^(transfer:|member:)/;

export function explain(entry: Entry): Explained {
  const origin = originOf(entry);
  return { what: whatOf(entry, origin), origin };
}

function originOf(entry: Entry): Origin {
  if (GIFT.test(entry.source) || GIFT.test(entry.reference)) return { kind: "gift" };
  const [kind = "", ...rest] = entry.source.split(":");
  const number = rest.join(":");
  if (kind === "order") return { kind, order: number };
  if (kind === "withdrawal") return { kind, withdrawal: number };
  if (kind === "task") return { kind };
  const byPartner = /^(order_paid|order_refunded|hold):/.test(entry.reference);
  return byPartner ? { kind: "partner", partner: kind, number } : { kind: "none" };
}

type Tell = (entry: Entry, origin: Origin) => string;

/** What happened, where its type alone does not tell. */
const TELL: Partial<Record<EntryType, Tell>> = {
  accrual: (entry) => (legOf(entry, "pending") > 0 ? "accrualPending" : "accrual"),
  hold: (_entry, { kind }) => `hold.${kind}`,
  capture: (entry, { kind }) => (entry.points > 0 ? "capture.part" : `capture.${kind}`),
  release: (entry, { kind }) => (entry.rule === "time_out" ? "release.timeOut" : `release.${kind}`),
  reversal: (entry, { kind }) =>
    kind === "order" && entry.rule === "refund" ? "reversal.refund" : `reversal.${kind}`,
  adjustment: (entry) => {
    if (entry.reference.endsWith(":written_off")) return "writtenOff";
    return movedOf(entry) < 0 ? "taken" : "given";
  },
};

function whatOf(entry: Entry, origin: Origin): string {
  return TELL[entry.type]?.(entry, origin) ?? entry.type;
}

/** Parts of a member's account beside what can be spent. */
export const PARTS = ["pending", "held", "debt"] as const;
export type Part = (typeof PARTS)[number];

/** An entry's change of a part of the account. A debt is shown as the points that are owed. */
export function legOf(entry: Entry, part: Part): number {
  const leg = entry.postings.find((each) => accountName(each.account) === part);
  const points = leg?.points ?? 0;
  return part === "debt" ? 0 - points : points;
}

/** An entry's change of all that the member has, also of a debt. */
function movedOf(entry: Entry): number {
  return entry.postings
    .filter((each) => each.account.startsWith("member:"))
    .reduce((sum, each) => sum + each.points, 0);
}

/**
 * The name of a posting's account, below `points.accounts` in the language files.
 *
 * `member:<member>:points:held` is `held`, without a part `member`; `program:points:issued` is `issued`.
 */
export function accountName(account: string): string {
  const parts = account.split(":");
  if (parts[0] === "program") return parts[2] ?? "";
  return parts[3] ?? "member";
}

/** Whether nothing stands before an entry: its predecessor's hash is all zeros. */
export function isFirst(entry: Entry): boolean {
  return /^0+$/.test(entry.prev_hash);
}
