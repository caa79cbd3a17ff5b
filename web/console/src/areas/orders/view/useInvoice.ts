import { type ShallowRef } from "vue";

import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/api";
import { useCall } from "@/parts/useCall";

import type { Order } from "../orders";

export type OrderInvoice = Schema<"OrderInvoiceView">;

/** The invoice of an order; orders without cash have none. */
export function useInvoice(order: () => Order): ShallowRef<OrderInvoice[] | null> {
  const call = useCall(
    async () => {
      const { id, cash } = order();
      if (cash.amount === 0) return [];
      const params = { path: { id } };
      return (await answer(jifen.GET("/v1/admin/orders/{id}/invoices", { params }))).data;
    },
    () => [order().id, order().version].join(),
  );
  return call.data;
}
