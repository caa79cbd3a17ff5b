import { computed } from "vue";

import { useCall } from "@/parts/useCall";

import { allCategories } from "./allCategories";
import { named } from "./words";

/** The categories with their names in the language that is shown. */
export function useCategories() {
  const { data, failure, reload } = useCall(allCategories);
  const options = computed(() =>
    (data.value ?? []).map(({ id, title }) => ({ value: id, label: named(title) })),
  );
  const names = computed(() => new Map(options.value.map(({ value, label }) => [value, label])));
  return { options, failure, reload, nameOf: (id: string) => names.value.get(id) ?? id };
}
