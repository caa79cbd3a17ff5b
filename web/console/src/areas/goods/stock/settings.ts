import { whole } from "@jifen/shared/points";

import type { SkuRow } from "./skus";

const MOST_SHARDS = 64;

/** The settings of a SKU as they are typed; an empty mark is none. */
interface Typed {
  shards: string;
  low: string;
  high: string;
}

type Settings = Pick<SkuRow, "shards" | "low_mark" | "high_mark">;
type Field = "shards" | "low_mark" | "high_mark";
type Mistake = "between" | "whole" | "notAbove";

const isEmpty = (typed: string) => typed.trim() === "";
const mark = (typed: string) => (isEmpty(typed) ? null : whole(typed));
const isWrong = (typed: string) => !isEmpty(typed) && whole(typed) === null;

/** What is wrong with each field. */
export function mistakesIn({ shards, low, high }: Typed): Partial<Record<Field, Mistake>> {
  const found: Partial<Record<Field, Mistake>> = {};
  const number = whole(shards) ?? 0;
  if (number < 1 || number > MOST_SHARDS) found.shards = "between";
  if (isWrong(low)) found.low_mark = "whole";
  if (isWrong(high)) found.high_mark = "whole";
  else if (!isAbove(mark(high), mark(low))) found.high_mark = "notAbove";
  return found;
}

function isAbove(high: number | null, low: number | null): boolean {
  return high === null || low === null || high > low;
}

/** The settings to send; `null` where they are wrong or as they were. */
export function changeOf(was: Settings, typed: Typed): Settings | null {
  if (Object.keys(mistakesIn(typed)).length > 0) return null;
  const next = {
    shards: whole(typed.shards) ?? 1,
    low_mark: mark(typed.low),
    high_mark: mark(typed.high),
  };
  const names = ["shards", "low_mark", "high_mark"] as const;
  return names.every((name) => was[name] === next[name]) ? null : next;
}
