import type { Schema } from "@jifen/shared/schema";

import type { Tone } from "@/parts/StateTag.vue";

export type Order = Schema<"StaffOrderView">;
export type Line = Schema<"LineView">;
export type Step = Schema<"StepView">;

/** The states in which orders wait for the staff. */
export const QUEUES = ["awaiting_review", "in_review", "approved"] as const;

/** Lists that the API keeps: of each state, and of what stands beside the states. */
export const STATES = [
  ...QUEUES,
  "shipped",
  "delivered",
  "completed",
  "awaiting_payment",
  "cancelled",
  "rejected",
] as const;
export const NAMED = ["uncollected", "refunded", "unsettled"] as const;

const TONES: Record<Order["status"], Tone> = {
  awaiting_payment: "quiet",
  awaiting_review: "wait",
  in_review: "wait",
  approved: "wait",
  shipped: "good",
  delivered: "good",
  completed: "good",
  rejected: "quiet",
  cancelled: "quiet",
};

export function isRefunded(order: Order): boolean {
  return order.lines.every((line) => line.returned === line.quantity);
}

export function toneOf(order: Order): Tone {
  return isRefunded(order) ? "quiet" : TONES[order.status];
}

/** Units by SKU in no parcel yet; refunds take from these first. */
export function unshipped(order: Order): Map<string, number> {
  const sent = (sku: string) =>
    order.parcels.reduce((sum, parcel) => sum + (parcel.lines[sku] ?? 0), 0);
  return new Map(
    order.lines
      .map((line) => [line.sku, line.quantity - line.returned - sent(line.sku)] as const)
      .filter(([, left]) => left > 0),
  );
}

/** The titles of an order's lines, each with its quantity. */
export function summaryOf(order: Order, separator: string): string {
  return order.lines.map((line) => `${line.title} ×${line.quantity}`).join(separator);
}

/** A line of the address as a label on a parcel has it. */
export function labelOf(address: Schema<"Address">): string {
  const { province, city, district, street, postal_code: code } = address;
  const place = [province === city ? "" : province, city, district ?? "", street].join("");
  return [`${address.recipient} ${address.phone.replace(/^\+86/, "")}`, place, code ?? ""]
    .filter((part) => part !== "")
    .join("\n");
}

/** What a step was, and who of the staff made it; the API tells both in the same order. */
export interface TimelineStep extends Step {
  what: "cash" | "parcel" | "refund" | "return" | "state";
  who: string | null;
  refund: Schema<"RefundView"> | null;
}

export function timelineOf(order: Order): TimelineStep[] {
  const byStaff = order.timeline.filter((step) => step.by === "staff");
  const isKnown = byStaff.length === order.handled_by.length;
  return order.timeline.map((step, at) => {
    const refund = order.refunds.find((made) => made.at === step.at) ?? null;
    const who = isKnown ? (order.handled_by[byStaff.indexOf(step)] ?? null) : null;
    return { ...step, refund, who, what: kindOf(step, order.timeline[at - 1], refund !== null) };
  });
}

function kindOf(step: Step, before: Step | undefined, isRefund: boolean): TimelineStep["what"] {
  if (step.by === "system" && step.note !== null) return "cash";
  if (step.status !== before?.status) return "state";
  if (isRefund) return "refund";
  if (step.by !== "staff") return "state";
  return step.note === null ? "parcel" : "return";
}
