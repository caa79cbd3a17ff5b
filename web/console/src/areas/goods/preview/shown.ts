import { whole } from "@jifen/shared/points";
import type { Schema } from "@jifen/shared/schema";

import type { ProductForm } from "../editor/form";
import type { Product } from "../words";

type Stock = Schema<"Stock">;

/** Up to so many units are called few. Source: the API's document of `Stock`. */
const LOW = 10;

export function stockOf(available: number): Stock {
  if (available <= 0) return { status: "sold_out", available };
  return { status: available <= LOW ? "low" : "in_stock", available };
}

/** The units that members will see: what is there, and the first stock of new SKUs. */
export function unitsOf(form: ProductForm, product: Product | null): number {
  const there = new Map(product?.skus.map(({ sku, stock }) => [sku, stock]));
  const first = (typed: string) => (form.kind === "virtual" ? 0 : (whole(typed) ?? 0));
  return form.skus.reduce((sum, { sku, stock }) => sum + (there.get(sku) ?? first(stock)), 0);
}
