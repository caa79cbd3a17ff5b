/** What can be returned of an order, what it would bring, and what a return waits for. */
import type { Money, Schema } from "@jifen/shared/schema";

export type Return = Schema<"ReturnView">;
export type Kind = Return["kind"];
type Order = Schema<"OrderView">;

const ARRIVED = ["delivered", "completed"];
const REFUNDABLE = ["approved", "shipped", ...ARRIVED];

/** The kinds of return that an order allows now; none once the time for returns is over. */
export function kindsOf(order: Order, now: number): Kind[] {
  const until = order.returnable_until;
  if (!REFUNDABLE.includes(order.status) || (until !== null && Date.parse(until) <= now)) return [];
  if (!Object.values(returnable(order)).some((units) => units > 0)) return [];
  const arrived = order.kind === "physical" && ARRIVED.includes(order.status);
  return arrived ? ["return", "exchange", "refund_only"] : ["refund_only"];
}

/** Units by SKU that have no refund and are in no open return. */
export function returnable(order: Order): Record<string, number> {
  const kept = (sku: string) =>
    order.returns.reduce((sum, { lines }) => sum + (lines[sku] ?? 0), 0);
  return Object.fromEntries(
    order.lines.map((line) => [line.sku, line.quantity - line.returned - kept(line.sku)]),
  );
}

/** What these units bring: each line in the ratio in which it was paid. */
export function worthOf(
  order: Order,
  units: Readonly<Record<string, number>>,
): { points: number; cash: Money } {
  let [points, cash] = [0, 0];
  for (const { sku, quantity, returned, points: all, cash: paid } of order.lines) {
    const more = units[sku] ?? 0;
    points += part(all, quantity, returned, more);
    cash += part(paid.amount, quantity, returned, more);
  }
  const given = order.refunds.reduce((sum, made) => sum + made.cash.amount, 0);
  const amount = Math.max(Math.min(cash, order.cash.amount - given), 0);
  return { points, cash: { amount, currency: order.cash.currency } };
}

function part(amount: number, quantity: number, before: number, more: number): number {
  const share = (units: number) => Math.floor((amount * units) / quantity);
  return share(before + more) - share(before);
}

/** The name of the words that tell the next step, below `returns.next`. */
export function nextOf(made: Return): string {
  const tell: Partial<Record<Return["status"], () => string>> = {
    received: () => (made.kind === "exchange" ? "exchanging" : "received"),
    closed: () => (made.replacement === null ? refundOf(made) : "exchanged"),
    withdrawn: () => (made.timeline.at(-1)?.by === "system" ? "tooLate" : "withdrawn"),
  };
  return tell[made.status]?.() ?? made.status;
}

function refundOf({ refunded }: Return): "refunded" | "pointsRefunded" {
  return refunded.cash.amount > 0 ? "refunded" : "pointsRefunded";
}
