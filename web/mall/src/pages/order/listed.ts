/** A member's orders, by what they wait for. */
import type { Schema } from "@jifen/shared/schema";

import { fits, type State } from "@/pages/order/filters";
import { answer, jifen } from "@/state/jifen";
import type { Page } from "@/state/loading";

type Order = Schema<"OrderView">;

/** Pages that are looked through at once for orders that fit. */
const MOST_PAGES = 5;

const statusOf = (state: State) => {
  if (state === "" || state === "virtual") return undefined;
  return state === "usable" ? "approved" : state;
};

export async function readOrders(state: State, cursor: string | undefined): Promise<Page<Order>> {
  const status = statusOf(state);
  const found: Order[] = [];
  // What has arrived waits for its receipt, too; such orders are few.
  if (state === "shipped" && cursor === undefined)
    found.push(...(await read({ status: "delivered", limit: 100 })).data);
  let next: string | null | undefined = cursor;
  for (let pages = 0; pages < MOST_PAGES && next !== null; pages += 1) {
    const page: Page<Order> = await read({ status, cursor: next });
    found.push(...page.data.filter((order) => fits(state, order)));
    next = page.next_cursor;
    if (found.length > 0) break;
  }
  return { data: found, next_cursor: next ?? null };
}

function read(query: { status?: Order["status"]; cursor?: string; limit?: number }) {
  return answer(jifen.GET("/v1/me/orders", { params: { query } }));
}
