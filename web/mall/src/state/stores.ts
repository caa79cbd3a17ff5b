/** The stores of the mall: few, so all are read at once. */
import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/state/jifen";

export type Store = Schema<"StoreView">;

const MOST_PAGES = 5;

/** All stores that are open for orders, by city. */
export async function allStores(): Promise<Store[]> {
  const stores: Store[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { limit: 100, ...(cursor ? { cursor } : {}) };
    const found = await answer(jifen.GET("/v1/stores", { params: { query } }));
    stores.push(...found.data);
    if (found.next_cursor === null) break;
    cursor = found.next_cursor;
  }
  return stores.sort((a, b) => a.city.localeCompare(b.city) || a.title.localeCompare(b.title));
}

export function citiesOf(stores: readonly Store[]): string[] {
  return [...new Set(stores.map((each) => each.city))];
}

/** The hours of a store in words of figures: `1–5 09:00–18:00`, by runs of days. */
export function runsOfDays(days: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const day of [...days].sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs;
}
