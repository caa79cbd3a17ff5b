/** How far a member is with a mission or on a leaderboard, as it is shown. */
import { currency } from "@/state/currency";
import { show } from "@/state/program";

/** `spend` is counted in minor units of the program's currency; the rest are whole numbers. */
export function measured(metric: string, value: number): string {
  if (metric === "spend") return show.money({ amount: value, currency: currency.value });
  return show.points(value);
}
