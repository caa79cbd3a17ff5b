import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/api";

/** The most that one page of the API's list may hold. */
const MOST = 100;

/** All categories, lowest position first. */
export async function allCategories(): Promise<Schema<"AdminCategoryView">[]> {
  const found: Schema<"AdminCategoryView">[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: MOST, cursor };
    const page = await answer(jifen.GET("/v1/admin/categories", { params: { query } }));
    found.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
