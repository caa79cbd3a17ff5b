import { Refused } from "@jifen/shared/failures";

import { answer, intentions, jifen } from "@/api";

import type { Order } from "../orders";
import type { OrderAct } from "./allowed";

/** Acts that need nothing but the order. */
export type PlainAct = "approve" | "deliver" | "settle" | "take" | "use";

/** What somebody else did while the order was open here. */
export interface Meanwhile {
  /** What was tried and refused. */
  tried: OrderAct;
  order: Order;
}

const sent = (order: Order, key: string) => ({
  params: { path: { id: order.id }, header: { "Idempotency-Key": key } },
});

export function doPlain(act: PlainAct, order: Order, key: string): Promise<Order> {
  const options = sent(order, key);
  const calls = {
    approve: () => answer(jifen.POST("/v1/admin/orders/{id}/approve", options)),
    deliver: () => answer(jifen.POST("/v1/admin/orders/{id}/deliver", options)),
    settle: () => answer(jifen.POST("/v1/admin/orders/{id}/settle", options)),
    take: () => answer(jifen.POST("/v1/admin/orders/{id}/take", options)),
    use: () => answer(jifen.POST("/v1/admin/orders/{id}/use", options)),
  };
  return calls[act]();
}

export function rejectOrder(order: Order, reason: string, key: string): Promise<Order> {
  const options = { ...sent(order, key), body: { reason } };
  return answer(jifen.POST("/v1/admin/orders/{id}/reject", options));
}

export function recordUncollected(order: Order, reason: string, key: string): Promise<Order> {
  const options = { ...sent(order, key), body: { reason } };
  return answer(jifen.POST("/v1/admin/orders/{id}/uncollected", options));
}

export function readOrder(id: string): Promise<Order> {
  return answer(jifen.GET("/v1/admin/orders/{id}", { params: { path: { id } } }));
}

/** Do an act at once, under the key of its intention. */
export async function doAtOnce(act: PlainAct, order: Order): Promise<Order> {
  const name = `${act}:${order.id}`;
  const after = await doPlain(act, order, intentions.keyOf(name, order.version));
  intentions.done(name);
  return after;
}

/** Notices acts that are refused as somebody else was faster, and reads the order again. */
export function useMeanwhile(order: () => Order, told: (meanwhile: Meanwhile) => void) {
  async function attempt<Answer>(tried: OrderAct, task: () => Promise<Answer>): Promise<Answer> {
    try {
      return await task();
    } catch (error) {
      if (isOvertaken(error)) told({ tried, order: await readOrder(order().id) });
      throw error;
    }
  }
  return { attempt };
}

/** Whether an act was refused as the order is not any more as it was shown. */
export function isOvertaken(error: unknown): boolean {
  if (!(error instanceof Refused)) return false;
  return error.isStale || error.code === "not_allowed_in_this_state";
}
