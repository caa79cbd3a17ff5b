import { useI18n } from "vue-i18n";

import { times } from "@/api";
import { language } from "@/language";

import { useCategories } from "../useCategories";
import type { Kind, Status } from "../words";

import { type ProductForm, type SkuForm, firstForm } from "./form";
import type { WordForm } from "./specWords";
import { termWords } from "./termWords";

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
    spec_words: (value: WordForm[]) => value.map(wordText).join("; "),
    on_sale_from: clockText,
    on_sale_until: clockText,
    "price.tier_points": (tier_points: ProductForm["price"]["tier_points"]) =>
      toldOf({ price: { ...firstForm().price, tier_points } }),
    timed_prices: (timed_prices: ProductForm["timed_prices"]) => toldOf({ timed_prices }),
    "limits.tiers": (tiers: ProductForm["limits"]["tiers"]) =>
      toldOf({ limits: { ...firstForm().limits, tiers } }),
    "validity.way": (value: "none" | "days" | "times") => t(`goods.use.ways.${value}`),
    "validity.from": clockText,
    "validity.until": clockText,
    "details.zh-CN": plainText,
    "details.en": plainText,
  };

  /** Terms alone, in words. */
  function toldOf(terms: Partial<ProductForm>): string {
    const year = times.day(new Date()).slice(0, 4);
    const words = termWords({ ...firstForm(), ...terms }, { t, language: language.value, year });
    return words.join(t("goods.terms.then"));
  }

  return {
    label: (field: string) => t(`goods.fields.${field}`),
    text: (field: string, value: unknown) =>
      (texts[field] ?? String)(value as never) || t("goods.nothing"),
  };
}

/** The words of a description: its HTML is for no reader. */
function plainText(html: string): string {
  return new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";
}

function clockText(value: string): string {
  return value.replace("T", " ");
}

function skuText({ sku, specs }: SkuForm): string {
  const words = specs.map(({ name, value }) => `${name} ${value}`).join(", ");
  return words === "" ? sku : `${sku} (${words})`;
}

function wordText({ raw, "zh-CN": zh, en }: WordForm): string {
  return `${raw}: ${[zh, en].filter((said) => said !== "").join(" / ")}`;
}
