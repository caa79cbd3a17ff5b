/** The specs of an order's SKUs, as their products have them today. */
import { reactive, watch } from "vue";

import { answer, jifen } from "@/api";
import { language } from "@/language";
import { can } from "@/roles";

import type { Order } from "../orders";

/** Such as `Navy · M` by SKU; whoever may not read products sees the SKU alone. */
export function useSpecs(order: () => Order) {
  const specs = reactive<Record<string, string>>({});

  async function learn(id: string): Promise<void> {
    const params = { path: { id } };
    const product = await answer(jifen.GET("/v1/admin/products/{id}", { params }));
    for (const each of product.skus) specs[each.sku] = Object.values(each.specs).join(" · ");
  }

  watch(
    () => [language.value, order().id],
    () => {
      if (!can("GET /v1/admin/products/{id}")) return;
      for (const id of new Set(order().lines.map((line) => line.product_id)))
        void learn(id).catch(() => undefined);
    },
    { immediate: true },
  );
  return specs;
}
