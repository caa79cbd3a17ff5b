import type { Schema } from "@jifen/shared/schema";

type Order = Pick<Schema<"OrderView">, "status" | "lines" | "refunds">;

/** How much of an order that stands was refunded; `null`: nothing. */
export function refundedOf({ status, lines, refunds }: Order): "all" | "some" | null {
  if (refunds.length === 0 || status === "cancelled" || status === "rejected") return null;
  return lines.every((each) => each.returned >= each.quantity) ? "all" : "some";
}
