import type { Schema } from "@jifen/shared/schema";

import type { Tone } from "@/parts/StateTag.vue";

export type Return = Schema<"StaffReturnView">;
export type Status = Return["status"];

/** The states in the order of the work, each with how it is to be taken. */
export const TONES = {
  requested: "wait",
  approved: "quiet",
  sent: "wait",
  received: "wait",
  closed: "good",
  rejected: "quiet",
  withdrawn: "quiet",
} as const satisfies Record<Status, Tone>;

export const STATUSES = Object.keys(TONES) as Status[];

/** The acts of the staff that a return's state allows. */
export type ReturnAct = "approve" | "reject" | "receive" | "ship";

const ACTS: Record<Status, ReturnAct[]> = {
  requested: ["approve", "reject"],
  approved: ["receive"],
  sent: ["receive", "reject"],
  received: ["receive", "ship"],
  closed: [],
  rejected: [],
  withdrawn: [],
};

/** Units by SKU that have not come yet. */
export function missing(made: Return): { sku: string; title: string; left: number }[] {
  return made.lines
    .map(({ sku, title, quantity, received }) => ({ sku, title, left: quantity - received }))
    .filter(({ left }) => left > 0);
}

export function actsOf(made: Return): ReturnAct[] {
  return ACTS[made.status].filter((act) => {
    if (act === "ship") return made.kind === "exchange";
    return act !== "receive" || missing(made).length > 0;
  });
}

export const summaryOf = (made: Return, separator: string) =>
  made.lines.map(({ title, quantity }) => `${title} ×${quantity}`).join(separator);

const SOON_MS = 24 * 3600 * 1000;

/** How a return's time stands: over, nearly over, or neither. */
export function hurryOf(made: Return, now: Date): "late" | "soon" | null {
  if (made.due_at === null) return null;
  const left = Date.parse(made.due_at) - now.getTime();
  if (left <= 0) return "late";
  return left < SOON_MS ? "soon" : null;
}
