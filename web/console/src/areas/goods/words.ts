import { money } from "@jifen/shared/money";
import { points } from "@jifen/shared/points";
import { due } from "@jifen/shared/due";
import { leastOf, type Price } from "@jifen/shared/price";
import type { Language, Schema } from "@jifen/shared/schema";

import i18n, { language } from "@/language";
import type { Tone } from "@/parts/StateTag.vue";

export type Product = Schema<"AdminProduct">;
export type Localized = Schema<"Localized">;
export type Kind = Product["kind"];
export type Status = Product["status"];

export const KINDS = ["physical", "virtual", "service"] as const satisfies readonly Kind[];
export const STATUSES = ["draft", "on_sale", "off_sale"] as const satisfies readonly Status[];

export const STATUS_TONES: Record<Status, Tone> = {
  draft: "quiet",
  on_sale: "good",
  off_sale: "quiet",
};

export const STOCK_TONES: Record<Schema<"Stock">["status"], Tone> = {
  in_stock: "good",
  low: "wait",
  sold_out: "bad",
};

/** A name in the language that is shown; in the other one where it is empty. */
export function named(name: Localized, shown: Language = language.value): string {
  return name[shown] || name["zh-CN"] || name.en;
}

/** A price in all its forms, such as `800 积分 + ¥10.00`. */
export function priceText(price: Price): string {
  return due(price.points, price.cash, language.value);
}

/** What one unit costs with as few points as cash may replace, if it may. */
export function insteadText(price: Price): string | null {
  const least = leastOf(price);
  if (least === null) return null;
  const told = { least: points(least.points), cash: money(least.cash) };
  return i18n.global.t(least.points > 0 ? "goods.price.instead" : "goods.price.cashAlone", told);
}
