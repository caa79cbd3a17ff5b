import type { StaffCall } from "@/roles";

import { type Order, isRefunded } from "../orders";

/** What the staff does with an order, and what it needs for that. */
export const ACTS = [
  "take",
  "approve",
  "reject",
  "ship",
  "use",
  "deliver",
  "refund",
  "uncollected",
  "settle",
] as const;

export type OrderAct = (typeof ACTS)[number];

const SENT = ["shipped", "delivered", "completed"];
const REFUNDABLE = ["approved", ...SENT];

/** Acts that bring an order on, by the state in which they are allowed. */
const NEXT: Partial<Record<Order["status"], readonly OrderAct[]>> = {
  awaiting_review: ["take"],
  in_review: ["approve", "reject"],
  approved: ["ship", "use"],
  shipped: ["deliver"],
};

/** Acts whose outcome a person looks at, or goes on from. */
const STAYS: readonly OrderAct[] = ["take", "refund", "uncollected", "settle"];

const KINDS: Partial<Record<OrderAct, Order["kind"]>> = { ship: "physical", use: "service" };

/** The acts that an order's state allows. The API decides in any case. */
export function allowedActs(order: Order): OrderAct[] {
  return [...nextActs(order), ...moneyActs(order)];
}

/** The call of the API that an act makes: its roles are the act's. */
export function callOf(act: OrderAct): StaffCall {
  return act === "refund"
    ? "POST /v1/admin/orders/{id}/refunds"
    : `POST /v1/admin/orders/{id}/${act}`;
}

/** Whether the same person goes on with this order after the act. */
export function goesOn(act: OrderAct, after: Order): boolean {
  return STAYS.includes(act) || (act === "ship" && after.status === "approved");
}

function nextActs(order: Order): OrderAct[] {
  if (isDisputed(order) || isRefunded(order)) return [];
  const acts = NEXT[order.status] ?? [];
  return acts.filter((act) => (KINDS[act] ?? order.kind) === order.kind);
}

function moneyActs(order: Order): OrderAct[] {
  const acts: OrderAct[] = [];
  if (canRefund(order)) acts.push("refund");
  if (canComeBack(order)) acts.push("uncollected");
  if (order.payment !== null && order.payment.method !== "cod") acts.push("settle");
  return acts;
}

function canRefund(order: Order): boolean {
  return REFUNDABLE.includes(order.status) && !isDisputed(order) && !isRefunded(order);
}

/** A parcel to be paid on delivery may come back unpaid. */
function canComeBack(order: Order): boolean {
  if (order.payment?.method !== "cod" || !SENT.includes(order.status)) return false;
  return !isRefunded(order) || order.payment.status !== "cancelled";
}

function isDisputed(order: Order): boolean {
  return order.payment?.status === "disputed";
}
