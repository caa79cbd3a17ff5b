import { type ComputedRef, computed, provide } from "vue";
import { useI18n } from "vue-i18n";

import { ABOUT } from "./about";

/** A thing with a name in both languages and a place in its list, as a person types it. */
export interface NamedForm {
  id: string;
  zh: string;
  en: string;
  position: string;
}

/** What is wrong with it: keys below `goods.mistakes`, by the API's fields. */
export function namedMistakes(form: NamedForm): Record<string, "needed" | "slug" | "position"> {
  const position = Number(form.position);
  const isPlace = /^\d{1,7}$/.test(form.position.trim()) && position <= 1_000_000;
  return {
    ...(/^[a-z0-9-]{1,32}$/.test(form.id.trim()) ? {} : { id: "slug" as const }),
    ...(form.zh.trim() === "" ? { "title.zh-CN": "needed" as const } : {}),
    ...(form.en.trim() === "" ? { "title.en": "needed" as const } : {}),
    ...(isPlace ? {} : { position: "position" as const }),
  };
}

/** Say at each field what is wrong with it; whether nothing is. */
export function useMistakes(
  form: NamedForm,
  found: () => Record<string, string>,
): ComputedRef<boolean> {
  const { t } = useI18n();
  const mistakes = computed(found);
  // A field left empty is not blamed before it was reached; the button waits for it.
  provide(ABOUT, (field) => {
    const mistake = mistakes.value[field];
    const isEmpty = mistake === "needed" || (field === "id" && form.id === "");
    return mistake === undefined || isEmpty ? null : t(`goods.mistakes.${mistake}`);
  });
  return computed(() => Object.keys(mistakes.value).length === 0);
}
