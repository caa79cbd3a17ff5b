import type { Schema } from "@jifen/shared/schema";

import type { Question } from "@/table/useList";

import { STATUSES } from "../words";

export type SkuRow = Schema<"AdminSkuView">;

/** What is left of a SKU; empty: little or nothing, which somebody has to see to. */
export const LEFT = ["", "low", "sold_out", "all"] as const;

/** What the list asks the API for. */
export function askedOf({ left, status, ...paging }: Question<{ left: string; status: string }>) {
  const asked = (["low", "sold_out"] as const).find((each) => each === left) ?? ("short" as const);
  return {
    ...paging,
    left: left === "all" ? undefined : asked,
    status: STATUSES.find((each) => each === status),
  };
}

/** The values of a SKU's specs, such as `红色 · M`. */
export function specsText({ specs }: Pick<SkuRow, "specs">): string {
  return Object.values(specs).join(" · ") || "–";
}
