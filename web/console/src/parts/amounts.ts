import { money } from "@jifen/shared/money";
import { change, points } from "@jifen/shared/points";

import { CURRENCY } from "@/program";

const CURRENCY_CODE = /^[A-Z]{3}$/;

/** An amount of a currency, in its minor units, or of a unit of points, as people write it. */
export function amountIn(unit: string, value: number): string {
  const currency = currencyOf(unit);
  return currency === null ? points(value) : money({ amount: value, currency });
}

/** A change with its sign. */
export function changeIn(unit: string, value: number): string {
  if (currencyOf(unit) === null) return change(value);
  return (value > 0 ? "+" : "") + amountIn(unit, value);
}

/** The currency that a unit counts minor units of; null where it counts points. */
function currencyOf(unit: string): string | null {
  if (unit === "rebate_cash") return CURRENCY;
  return CURRENCY_CODE.test(unit) ? unit : null;
}
