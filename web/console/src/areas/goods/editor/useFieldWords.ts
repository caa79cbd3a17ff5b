import { useI18n } from "vue-i18n";

import { useCategories } from "../useCategories";
import type { Kind, Status } from "../words";

import type { SkuForm } from "./form";

/** The form's fields in words, for telling what somebody else changed. */
export function useFieldWords() {
  const { t } = useI18n();
  const { nameOf } = useCategories();

  const texts: Record<string, (value: never) => string> = {
    kind: (value: Kind) => t(`goods.kinds.${value}`),
    status: (value: Status) => t(`goods.statuses.${value}`),
    category: nameOf,
    pictures: (value: string[]) => value.join("\n"),
    skus: (value: SkuForm[]) => value.map(skuText).join("; "),
    on_sale_from: clockText,
    on_sale_until: clockText,
  };

  return {
    label: (field: string) => t(`goods.fields.${field}`),
    text: (field: string, value: unknown) =>
      (texts[field] ?? String)(value as never) || t("goods.nothing"),
  };
}

function clockText(value: string): string {
  return value.replace("T", " ");
}

function skuText({ sku, specs }: SkuForm): string {
  const words = specs.map(({ name, value }) => `${name} ${value}`).join(", ");
  return words === "" ? sku : `${sku} (${words})`;
}
