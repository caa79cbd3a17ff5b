/** An order's state in words of its own: what the API's name of the state does not tell. */
import type { Schema } from "@jifen/shared/schema";

import { refundedOf } from "@/parts/refunded";

type Order = Schema<"OrderView">;
type Status = Order["status"];

/** The name of a state's words: an approved service is booked, where approved goods wait for a parcel. */
export function stateOf(kind: Order["kind"], status: Status): Status | "booked" {
  return kind === "service" && status === "approved" ? "booked" : status;
}

const RECEIVED = ["succeeded", "partially_refunded", "refunded", "disputed", "collected"];

/** Whether the mall has had cash for an order. */
export function isPaid({ payment }: Pick<Order, "payment">): boolean {
  return payment !== null && RECEIVED.includes(payment.status);
}

/** Whether goods are fetched at a store. */
function isFetched(order: Pick<Order, "kind" | "store_id">): boolean {
  return order.kind === "physical" && order.store_id !== null;
}

/** The name of the words below an order's state, in `order.hints`. */
export function hintOf(order: Order): string {
  if (refundedOf(order) === "all") return "refunded";
  if (isFetched(order) && order.status === "approved") return "fetchable";
  const over = order.status === "cancelled" || order.status === "rejected";
  return over && !isPaid(order) ? `${order.status}Unpaid` : stateOf(order.kind, order.status);
}

/** What happened in a step: the names of its words, and the note of whoever did it. */
export interface Told {
  /** Below `order.steps`; `null` where the note says it all. */
  words: string | null;
  note: string | null;
}

/** A step of an order. A refund is no change of state: its step has the state that stands. */
export function tellStep(order: Order, step: Schema<"StepView">): Told {
  if (step.by === "system" && step.note !== null) return { words: null, note: step.note };
  const ended = step.status === "cancelled" || step.status === "rejected";
  const refund = !ended && order.refunds.some(({ at }) => at === step.at);
  if (refund) return { words: refundStep(order, step.at), note: step.note };
  return { words: stateOf(order.kind, step.status), note: step.note };
}

/** Only the refund that brings the last units back is one of the whole order. */
function refundStep(order: Order, at: string): "refunded" | "partlyRefunded" {
  const isLast = order.refunds.every((each) => each.at <= at);
  return isLast && refundedOf(order) === "all" ? "refunded" : "partlyRefunded";
}
