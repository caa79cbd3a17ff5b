import type { Schema } from "@jifen/shared/schema";

export type EntryType = Schema<"EntryView">["type"];

/** Each type of an entry, in the order that people ask for them. */
export const TYPES = [
  "accrual",
  "redemption",
  "expiry",
  "adjustment",
  "transfer_out",
  "transfer_in",
  "merge_out",
  "merge_in",
  "hold",
  "capture",
  "release",
  "reversal",
  "clawback",
  "unlock",
] as const satisfies readonly EntryType[];
