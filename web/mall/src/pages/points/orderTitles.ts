/** What orders are about, for entries that tell of one by its id. */
import type { Schema } from "@jifen/shared/schema";
import { computed, watch } from "vue";
import { useI18n } from "vue-i18n";

import { answer, jifen } from "@/state/jifen";
import { useLoaded } from "@/state/loading";
import { language } from "@/state/program";

export type TitleOf = (order: string) => string | null;

/** Orders that are looked at: the latest. Older ones are told by their number. */
const KNOWN = 100;

export function useOrderTitles() {
  const { t } = useI18n();
  const orders = useLoaded(() =>
    answer(jifen.GET("/v1/me/orders", { params: { query: { limit: KNOWN } } })),
  );
  watch(language, () => void orders.load());
  const titleOf = computed((): TitleOf => {
    const known = new Map(orders.data.value?.data.map((each) => [each.id, titleIn(each)]));
    return (order) => known.get(order) ?? null;
  });

  function titleIn({ lines }: Schema<"OrderView">): string | null {
    const title = lines[0]?.title;
    if (title === undefined) return null;
    return lines.length === 1 ? title : t("points.by.goods", { title, count: lines.length });
  }

  return { load: orders.load, titleOf };
}
