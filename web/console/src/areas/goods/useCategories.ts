import { computed } from "vue";

import { useCall } from "@/parts/useCall";

import { allCategories } from "./allCategories";
import { indented, inTree } from "./categories/tree";
import { named } from "./words";

/** The categories with their names in the language that is shown. */
export function useCategories() {
  const { data, failure, reload } = useCall(allCategories);
  const options = computed(() =>
    inTree(data.value ?? []).map(({ id, title, level }) => ({
      value: id,
      label: indented(named(title), level),
    })),
  );
  const names = computed(() => new Map(data.value?.map(({ id, title }) => [id, named(title)])));
  return { options, failure, reload, nameOf: (id: string) => names.value.get(id) ?? id };
}
