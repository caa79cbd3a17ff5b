/** The specs of an order's SKUs, as members read them today. */
import { reactive, watch } from "vue";

import { answer, jifen } from "@/api";
import { language } from "@/language";

import type { Order } from "../orders";

/** Such as `Navy · M` by SKU. */
export function useSpecs(order: () => Order) {
  const specs = reactive<Record<string, string>>({});

  async function learn(products: Set<string>): Promise<void> {
    const params = { query: { ids: [...products].join(",") } };
    const { data } = await answer(jifen.GET("/v1/products/looks", { params }));
    for (const { skus } of data)
      for (const each of skus) specs[each.sku] = Object.values(each.specs).join(" · ");
  }

  watch(
    () => [language.value, order().id],
    () => void learn(new Set(order().lines.map((line) => line.product_id))).catch(() => undefined),
    { immediate: true },
  );
  return specs;
}
