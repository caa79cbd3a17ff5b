import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/api";

export type Store = Schema<"AdminStoreView">;

const MOST_PAGES = 5;

/** All stores: they are few. */
export async function allStores(): Promise<Store[]> {
  const stores: Store[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const found = await answer(jifen.GET("/v1/admin/stores", { params: { query } }));
    stores.push(...found.data);
    if (found.next_cursor === null) break;
    cursor = found.next_cursor;
  }
  return stores;
}

export function nameOf(store: Store, language: string): string {
  const [title, city] =
    language === "en"
      ? [store.title.en, store.city.en]
      : [store.title["zh-CN"], store.city["zh-CN"]];
  return `${city} · ${title}`;
}
