/** What the lines of orders look like: the picture and the specs that their products have today. */
import { reactive } from "vue";

import { answer, jifen } from "@/state/jifen";
import { language } from "@/state/program";

interface Look {
  picture: string | null;
  /** Such as `Navy · M`; empty where there is nothing to tell apart. */
  specs: string;
}

/** As many products as the API tells of at once. */
const MOST = 100;
const NONE: Look = { picture: null, specs: "" };
const looks = reactive(new Map<string, Look>());
const asked = new Set<string>();
let waiting = new Set<string>();

/** Learn how lines look, each product once; those of a page by one request. */
export function learnLooks(lines: readonly { product_id: string }[]): void {
  if (waiting.size === 0) setTimeout(learnWaiting);
  for (const { product_id } of lines) waiting.add(product_id);
}

export function lookOf(sku: string): Look {
  return looks.get(`${language.value} ${sku}`) ?? NONE;
}

function learnWaiting(): void {
  const spoken = language.value;
  const ids = [...waiting].filter((id) => !asked.has(`${spoken} ${id}`));
  waiting = new Set();
  for (let at = 0; at < ids.length; at += MOST) {
    const some = ids.slice(at, at + MOST);
    const keys = some.map((id) => `${spoken} ${id}`);
    keys.forEach((key) => asked.add(key));
    void learn(some, spoken).catch(() => keys.forEach((key) => asked.delete(key)));
  }
}

async function learn(products: string[], spoken: string): Promise<void> {
  const params = { query: { ids: products.join(",") } };
  const { data } = await answer(jifen.GET("/v1/products/looks", { params }));
  for (const { thumbnail, skus } of data)
    for (const { sku, specs } of skus)
      looks.set(`${spoken} ${sku}`, {
        picture: thumbnail,
        specs: Object.values(specs).join(" · "),
      });
}
