import { type ComputedRef, type InjectionKey, computed } from "vue";
import { useI18n } from "vue-i18n";

import { answer, jifen } from "@/api";
import { language } from "@/language";
import { useCall } from "@/parts/useCall";

import { useCategories } from "../goods/useCategories";
import { named } from "../goods/words";

export interface Choice {
  value: string;
  label: string;
}

/** What a field may be compared with where that has names; of other fields nothing. */
type Choices = ComputedRef<(field: string) => readonly Choice[]>;

export const CHOICES: InjectionKey<Choices> = Symbol("choices");

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** The names of tiers, categories, brands and weekdays, by the fields of rules. */
export function useChoices(): Choices {
  const { t } = useI18n();
  const categories = useCategories();
  const tiers = useCall(() => answer(jifen.GET("/v1/admin/tiers")));
  const brands = useCall(() =>
    answer(jifen.GET("/v1/admin/brands", { params: { query: { limit: 100 } } })),
  );
  return computed(() => {
    const ofTiers = (tiers.data.value?.levels ?? []).map(({ key, title }) => ({
      value: key,
      label: title[language.value],
    }));
    const ofBrands = (brands.data.value?.data ?? []).map(({ id, title }) => ({
      value: id,
      label: named(title),
    }));
    const known: Record<string, readonly Choice[]> = {
      "member.tier": ofTiers,
      "event.categories": categories.options.value,
      "item.category": categories.options.value,
      "event.brands": ofBrands,
      "item.brand": ofBrands,
      "event.weekday": WEEKDAYS.map((day) => ({
        value: String(day),
        label: t(`earning.weekday.${day}`),
      })),
    };
    return (field) => known[field] ?? [];
  });
}
