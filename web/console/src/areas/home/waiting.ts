import { answer, jifen } from "@/api";
import type { StaffCall } from "@/roles";

/** How much waits for somebody. */
export interface Waiting {
  count: number;
  /** There is more than was counted. */
  isMore: boolean;
  /** Since when the longest has waited, where it is known. */
  since: string | null;
}

/** One kind of thing that waits; its texts stand below `home.waiting`. */
export interface Queue {
  name: string;
  reads: StaffCall;
  to: string;
  ask: () => Promise<Waiting>;
}

/** The API counts nothing: a full page is "100 or more". */
const LIMIT = 100;

const orders = (status: "awaiting_review" | "in_review" | "approved"): Queue => ({
  name: `orders_${status}`,
  reads: "GET /v1/admin/orders",
  to: `/orders?status=${status}`,
  ask: async () => {
    const query = { status, limit: LIMIT };
    return count(await answer(jifen.GET("/v1/admin/orders", { params: { query } })));
  },
});

const withdrawals = (status: "requested" | "approved"): Queue => ({
  name: `withdrawals_${status}`,
  reads: "GET /v1/admin/withdrawals",
  to: `/withdrawals?status=${status}`,
  ask: async () => {
    const query = { status, limit: LIMIT };
    return count(await answer(jifen.GET("/v1/admin/withdrawals", { params: { query } })));
  },
});

const invoices = (status: "requested" | "red_required"): Queue => ({
  name: `invoices_${status}`,
  reads: "GET /v1/admin/invoices",
  to: `/invoices?status=${status}`,
  ask: async () => {
    const query = { status, limit: LIMIT };
    return count(await answer(jifen.GET("/v1/admin/invoices", { params: { query } })));
  },
});

const refunds: Queue = {
  name: "refunds",
  reads: "GET /v1/admin/refunds",
  to: "/refunds?state=failed",
  ask: async () => {
    const query = { state: "failed" as const, limit: LIMIT };
    return count(await answer(jifen.GET("/v1/admin/refunds", { params: { query } })));
  },
};

const adjustments: Queue = {
  name: "adjustments",
  reads: "GET /v1/admin/adjustments",
  to: "/adjustments",
  ask: async () => {
    const query = { limit: LIMIT };
    return count(await answer(jifen.GET("/v1/admin/adjustments", { params: { query } })));
  },
};

const findings: Queue = {
  name: "findings",
  reads: "GET /v1/admin/reconciliation-findings",
  to: "/findings?status=open",
  ask: async () => {
    const query = { status: "open" as const, limit: LIMIT };
    const call = jifen.GET("/v1/admin/reconciliation-findings", { params: { query } });
    const { data, next_cursor } = await answer(call);
    return count({ data: data.map(({ since }) => ({ created_at: since })), next_cursor });
  },
};

const stock: Queue = {
  name: "stock",
  reads: "GET /v1/admin/products",
  to: "/products?status=on_sale",
  ask: async () => {
    const query = { status: "on_sale" as const, limit: LIMIT };
    const page = await answer(jifen.GET("/v1/admin/products", { params: { query } }));
    const low = page.data.filter((product) => product.stock.status !== "in_stock");
    return { count: low.length, isMore: page.next_cursor !== null, since: null };
  },
};

/** All that may wait, the most pressing first. */
export const QUEUES: readonly Queue[] = [
  orders("awaiting_review"),
  orders("in_review"),
  orders("approved"),
  refunds,
  adjustments,
  withdrawals("requested"),
  withdrawals("approved"),
  invoices("requested"),
  invoices("red_required"),
  findings,
  stock,
];

/** Count a page of things that wait. */
export function count(page: {
  data: readonly { created_at: string }[];
  next_cursor: string | null;
}): Waiting {
  const isMore = page.next_cursor !== null;
  const times = page.data.map((each) => each.created_at).sort();
  return { count: times.length, isMore, since: isMore ? null : (times[0] ?? null) };
}
