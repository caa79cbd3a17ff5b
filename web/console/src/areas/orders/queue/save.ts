import { major } from "@jifen/shared/money";

import { times } from "@/api";
import i18n from "@/language";
import { csv, saveFile } from "@/table/csv";

import { type Order, summaryOf } from "../orders";

/** Keep the page's orders as a file. */
export function saveOrders(name: string, orders: readonly Order[]): void {
  const { t } = i18n.global;
  const header = ["number", "member", "placed", "state", "goods", "points", "cash"] as const;
  const cells = orders.map((order) => [
    order.id,
    order.member_id,
    times.show(order.created_at),
    order.status_text,
    summaryOf(order, t("common.comma")),
    String(order.points),
    major(order.cash),
  ]);
  saveFile(
    `${name}.csv`,
    csv(
      header.map((column) => t(`orders.columns.${column}`)),
      cells,
    ),
  );
}
