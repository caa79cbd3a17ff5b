import { whole } from "@jifen/shared/points";

import type { Mistake } from "./checks";
import type { ProductForm } from "./form";
import { LIMITS, type LimitTexts, MAX_TIERS, type TimedPrice, inTime, tiersOf } from "./terms";
import { moneyOf } from "./typed";

type Wrong = Mistake | false | null;
type Found = [field: string, mistake: Wrong][];

const MAX_UNITS = 1_000_000;
const MAX_LETTERS = 32;

/** What is wrong with terms of tiers, prices for a time and limits. */
export function termMistakes({ price, tiers, timed_prices, limits }: ProductForm): Found {
  const ids = tiersOf(tiers);
  return [
    ...tierMistakes("price.tier_points", price.tier_points),
    ...price.tier_points.map(({ points }, at): Found[number] => [
      `price.tier_points[${at}].points`,
      wrongPoints(points) || (isAbove(points, price.points) && "abovePoints"),
    ]),
    ["tiers", ids.length > MAX_TIERS && "tooManyTiers"],
    ["tiers", ids.some((id) => id.length > MAX_LETTERS) && "tierLong"],
    ...timed_prices.flatMap((row, at) => timedMistakes(row, at)),
    ...overlaps(timed_prices),
    ...limitMistakes("limits", limits),
    ...tierMistakes("limits.tiers", limits.tiers),
    ...limits.tiers.flatMap((row, at) => limitMistakes(`limits.tiers[${at}]`, row)),
  ];
}

export function wrongPoints(text: string): Wrong {
  if (text.trim() === "") return "needed";
  return !whole(text) && "whole";
}

export function wrongMoney(text: string): Wrong {
  return text !== "" && moneyOf(text) === null && "money";
}

export function wrongLeast({
  points,
  cash_equivalent,
  min_points,
}: Pick<TimedPrice, "points" | "cash_equivalent" | "min_points">): Wrong {
  if (min_points === "") return false;
  const least = whole(min_points);
  if (least === null) return "count";
  if (cash_equivalent === "") return least > 0 && "needsEquivalent";
  return isAbove(min_points, points) && "abovePoints";
}

function isAbove(text: string, points: string): boolean {
  return (whole(text) ?? 0) > (whole(points) ?? Infinity);
}

function tierMistakes(field: string, rows: readonly { tier: string }[]): Found {
  const ids = rows.map(({ tier }) => tier.trim());
  return ids.map((id, at) => [
    `${field}[${at}].tier`,
    id === "" ? "needed" : ids.indexOf(id) < at && "tierTwice",
  ]);
}

function limitMistakes(field: string, texts: LimitTexts): Found {
  return LIMITS.map((name) => [`${field}.${name}`, wrongLimit(texts[name])]);
}

function wrongLimit(text: string): Wrong {
  if (text === "") return false;
  const units = whole(text);
  return !units ? "whole" : units > MAX_UNITS && "tooManyUnits";
}

function timedMistakes(row: TimedPrice, at: number): Found {
  const field = `timed_prices[${at}]`;
  const { from, until } = row;
  return [
    [`${field}.from`, from === "" && "needed"],
    [`${field}.until`, until === "" ? "needed" : until <= from && "notAfterFrom"],
    [`${field}.points`, wrongPoints(row.points)],
    [`${field}.cash`, wrongMoney(row.cash)],
    [`${field}.cash_equivalent`, wrongMoney(row.cash_equivalent)],
    [`${field}.min_points`, wrongLeast(row)],
  ];
}

/** Two prices never hold at once. */
function overlaps(rows: readonly TimedPrice[]): Found {
  const typed = inTime(rows).filter((at) => rows[at].from !== "");
  return typed.map((at, place) => {
    const before = place === 0 ? null : rows[typed[place - 1]];
    return [
      `timed_prices[${at}].from`,
      before !== null && rows[at].from < before.until && "overlaps",
    ];
  });
}
