/** The filters of a member's orders. */
import type { Schema } from "@jifen/shared/schema";

type Order = Schema<"OrderView">;

export const STATES = [
  "",
  "awaiting_payment",
  "awaiting_review",
  "approved",
  "shipped",
  "usable",
  "completed",
  "virtual",
] as const;
export type State = (typeof STATES)[number];

/** Whether somebody goes to a store for it: a service, or goods that are fetched. */
const isUsable = (order: Order) => order.kind === "service" || order.store_id !== null;

/** What the API cannot narrow down is narrowed down here. */
export function fits(state: State, order: Order): boolean {
  if (state === "usable") return isUsable(order);
  if (state === "approved") return !isUsable(order);
  return state !== "virtual" || order.kind === "virtual";
}
