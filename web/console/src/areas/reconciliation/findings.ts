import type { Schema } from "@jifen/shared/schema";

import type { Tone } from "@/parts/StateTag.vue";

export type Finding = Schema<"FindingView">;
type Booked = Schema<"BookedView">;
export type Day = Schema<"ReconciliationView">;

/** The states that have a list. */
export const STATUSES = ["open", "waiting", "explained"] as const;

export const TONES = {
  open: "bad",
  waiting: "wait",
  explained: "good",
  dropped: "quiet",
} as const satisfies Record<Finding["status"], Tone>;

/** Days after which nobody should still look for the other side. */
const OLD_DAYS = 3;

/** How the age of a finding is to be taken. */
export function ageTone({ status, age_days }: Finding): Tone {
  if (status !== "open") return "quiet";
  return age_days >= OLD_DAYS ? "bad" : "wait";
}

/** A field of both sides, and whether they differ in it. */
export interface Compared {
  field: "type" | "amount" | "fee" | "net" | "currency" | "source" | "transaction" | "at" | "name";
  ours: string | number | null;
  theirs: string | number | null;
  differs: boolean;
}

const FIELDS = [
  ...(["type", "amount", "fee", "net", "currency", "source", "transaction", "at"] as const),
  "name",
] as const;
/** Each side has its own time, its own name for a line, and its own for what it is about. */
const OWN = new Set(["at", "name", "source"]);

/** Both sides of a finding, field by field. */
export function compared({ kind, ours, theirs }: Finding): Compared[] {
  return FIELDS.map((field) => {
    const pair = { ours: valueOf(field, ours), theirs: valueOf(field, theirs) };
    const both = ours !== null && theirs !== null && !OWN.has(field);
    const isOther = field === "source" && kind === "source_differs";
    return { field, ...pair, differs: isOther || (both && pair.ours !== pair.theirs) };
  });
}

/** What a side says in a field; beside the provider's object stands the id of ours that it names. */
function valueOf(field: Compared["field"], side: Booked | null): string | number | null {
  if (side === null) return null;
  if (field !== "source") return side[field];
  return [side.source, side.our_id].filter((id) => id !== null).join(" · ") || null;
}

/** The findings among a day's lines, clean pairs left out. */
export function troubleIn(counts: Readonly<Record<string, number>>): number {
  return Object.entries(counts)
    .filter(([kind]) => !["matched", "late", "waiting"].includes(kind))
    .reduce((sum, [, count]) => sum + count, 0);
}
