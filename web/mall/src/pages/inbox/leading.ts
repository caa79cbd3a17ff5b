/** Where a notice leads: to what it is about. */
import type { Schema } from "@jifen/shared/schema";

import { path } from "@/platform/navigation";

type Data = Schema<"NoticeView">["data"];
type Lead = { to: string; words: string };

/** The page, with the name of its words below `inbox.to`; `null` for a notice about nothing. */
export function leadOf(notice: Pick<Schema<"NoticeView">, "data">): Lead | null {
  return ofOrder(notice.data) ?? ofWorth(notice.data);
}

function ofOrder({ order_id, return_id, review_id }: Data): Lead | null {
  if (return_id) return { to: path("/pages/returns/detail", { id: return_id }), words: "return" };
  if (review_id) return { to: "/pages/review/mine", words: "review" };
  if (order_id) return { to: path("/pages/order/detail", { id: order_id }), words: "order" };
  return null;
}

function ofWorth(data: Data): Lead | null {
  const { withdrawal_id, coupon_id, unit, entry_id, points } = data;
  if (withdrawal_id) {
    return { to: path("/pages/me/withdrawal", { id: withdrawal_id }), words: "withdrawal" };
  }
  if (coupon_id) return { to: "/pages/coupons/mine", words: "coupons" };
  if (unit === "rebate_cash") return { to: "/pages/me/withdrawals", words: "rebates" };
  if (entry_id || points !== undefined) return { to: "/pages/points/index", words: "points" };
  return null;
}
