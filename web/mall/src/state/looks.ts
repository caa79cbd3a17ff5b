/** What the lines of orders look like: the picture and the specs that their products have today. */
import { reactive } from "vue";

import { answer, jifen } from "@/state/jifen";
import { language } from "@/state/program";

interface Look {
  picture: string | null;
  /** Such as `Navy · M`; empty where there is nothing to tell apart. */
  specs: string;
}

const NONE: Look = { picture: null, specs: "" };
const looks = reactive(new Map<string, Look>());
const asked = new Set<string>();
const keyOf = (id: string) => `${language.value} ${id}`;

/** Learn how lines look, each product once. Goods off sale keep their title alone. */
export function learnLooks(lines: readonly { product_id: string }[]): void {
  for (const id of new Set(lines.map((line) => line.product_id))) {
    const key = keyOf(id);
    if (asked.has(key)) continue;
    asked.add(key);
    void learn(id).catch(() => asked.delete(key));
  }
}

async function learn(id: string): Promise<void> {
  const spoken = language.value;
  const product = await answer(jifen.GET("/v1/products/{id}", { params: { path: { id } } }));
  const picture = product.thumbnails[0] ?? product.pictures[0] ?? null;
  for (const { sku, specs } of product.skus)
    looks.set(`${spoken} ${sku}`, { picture, specs: Object.values(specs).join(" · ") });
}

export function lookOf(sku: string): Look {
  return looks.get(keyOf(sku)) ?? NONE;
}
