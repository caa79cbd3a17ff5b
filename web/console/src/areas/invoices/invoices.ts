import type { Schema } from "@jifen/shared/schema";

import type { Tone } from "@/parts/StateTag.vue";

export type Invoice = Schema<"StaffInvoiceView">;
export type Status = Invoice["status"];

export const TONES = {
  requested: "wait",
  red_required: "wait",
  issued: "good",
  red_issued: "good",
  cancelled: "quiet",
} as const satisfies Record<Status, Tone>;

/** The states that have a list; cancelled invoices are in none. */
export const LISTED = ["requested", "red_required", "issued", "red_issued"] as const;

const NUMBER = /^(\d{8}|\d{20})$/;

/** A number as typed: 8 digits, or 20 of a fully digital invoice; null where it is neither. */
export function numberOf(typed: string): string | null {
  const digits = typed.replace(/\s/g, "");
  return NUMBER.test(digits) ? digits : null;
}
