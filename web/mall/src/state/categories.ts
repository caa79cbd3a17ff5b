/** The mall's categories, in their order. */
import { answer, jifen } from "@/state/jifen";

/** The longest page of a list. */
const MOST = 100;

/** As many as one page holds: more cannot be chosen from. */
export function allCategories() {
  return answer(jifen.GET("/v1/categories", { params: { query: { limit: MOST } } }));
}
