import { computed } from "vue";

import { answer, jifen } from "@/api";
import { useCall } from "@/parts/useCall";

import { named } from "./words";

/** The most that one page of the API's list may hold. */
const ALL = 100;

/** The categories with their names in the language that is shown. */
export function useCategories() {
  const query = { limit: ALL };
  const call = useCall(() => answer(jifen.GET("/v1/admin/categories", { params: { query } })));
  const options = computed(() =>
    (call.data.value?.data ?? []).map(({ id, title }) => ({ value: id, label: named(title) })),
  );
  const names = computed(() => new Map(options.value.map(({ value, label }) => [value, label])));
  const { failure, reload } = call;
  return { options, failure, reload, nameOf: (id: string) => names.value.get(id) ?? id };
}
