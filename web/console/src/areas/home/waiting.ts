import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/api";
import { can } from "@/roles";

/** How much waits; `more` than was counted. */
type Some = Schema<"SomeOf">;

/** One kind of thing that waits; its texts stand below `home.waiting`. */
export interface Queue extends Some {
  name: string;
  /** The list that it opens. */
  to: string;
}

/** All that waits and that who is signed in may look at, the most pressing first. */
export async function waiting(): Promise<Queue[]> {
  const [overview, stock, cases] = await Promise.all([
    answer(jifen.GET("/v1/admin/overview")),
    lowStock(),
    openCases(),
  ]);
  return [
    ...queuesOf(overview),
    ...queue("stock", "/skus?status=on_sale", stock),
    ...queue("risk_cases", "/risk?state=open", cases),
  ];
}

/** The parts of an overview; a role that may not read a list has no part of it. */
export function queuesOf(of: Schema<"OverviewView">): Queue[] {
  const { orders, withdrawals, invoices } = of;
  return [
    ...queue("orders_awaiting_review", "/orders?status=awaiting_review", orders?.awaiting_review),
    ...queue("orders_in_review", "/orders?status=in_review", orders?.in_review),
    ...queue("orders_approved", "/orders?status=approved", orders?.approved),
    ...returnsOf(of),
    ...queue("reviews", "/reviews", of.reviews),
    ...queue("failed_refunds", "/refunds?state=failed", of.failed_refunds),
    ...queue("adjustments", "/adjustments", of.adjustments),
    ...queue("withdrawals_requested", "/withdrawals?status=requested", withdrawals?.requested),
    ...queue("withdrawals_approved", "/withdrawals?status=approved", withdrawals?.approved),
    ...queue("invoices_requested", "/invoices?status=requested", invoices?.requested),
    ...queue("invoices_red_required", "/invoices?status=red_required", invoices?.red_required),
    ...queue("stock_alerts", "/stock-alerts", of.stock_alerts),
    ...queue("findings", "/findings?status=open", of.findings),
    ...queue("parked", "/parked", of.parked),
  ];
}

function returnsOf({ returns }: Schema<"OverviewView">): Queue[] {
  return (["requested", "sent", "received"] as const).flatMap((status) =>
    queue(`returns_${status}`, `/returns?status=${status}`, returns?.[status]),
  );
}

function queue(name: string, to: string, some: Some | null | undefined): Queue[] {
  return some ? [{ ...some, name, to }] : [];
}

/** SKUs on sale of which little or nothing is left: the overview has no count of them. */
async function lowStock(): Promise<Some | null> {
  if (!can("GET /v1/admin/skus")) return null;
  const query = { left: "short", status: "on_sale", limit: 100 } as const;
  const page = await answer(jifen.GET("/v1/admin/skus", { params: { query } }));
  return { count: page.data.length, more: page.next_cursor !== null };
}

/** Members whom rules of risk suspect, as nobody has decided on them: risk counts them itself. */
async function openCases(): Promise<Some | null> {
  if (!can("GET /v1/admin/risk/cases")) return null;
  const query = { state: "open", limit: 100 } as const;
  const page = await answer(jifen.GET("/v1/admin/risk/cases", { params: { query } }));
  return { count: page.data.length, more: page.next_cursor !== null };
}
