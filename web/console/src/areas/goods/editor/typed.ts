import { minor, typed } from "@jifen/shared/money";
import type { Money } from "@jifen/shared/schema";
import type { Times } from "@jifen/shared/times";

import { CURRENCY } from "@/program";

/** How moments and the program's clock are turned into each other. */
export type Clock = Pick<Times, "day" | "clock" | "moment">;

const MINUTE_MS = 60_000;

/**
 * What the program's clock says at a moment, as a browser's control has it: `2026-11-29T16:00`.
 *
 * Seconds stand there where the moment has some, so that none are lost.
 */
export function wallOf(moment: string, clock: Clock): string {
  const at = new Date(moment);
  const rest =
    at.getTime() % MINUTE_MS === 0 ? "" : at.toISOString().slice(16, 23).replace(".000", "");
  return `${clock.day(at)}T${clock.clock(at)}${rest}`;
}

/** The moment at which the program's clock says `2026-11-29T16:00`. What is no time stays. */
export function momentOf(wall: string, clock: Clock): string {
  const [day, time = ""] = wall.split("T");
  const minute = clock.moment(day, time.slice(0, 5));
  if (minute === null) return wall;
  const rest = Number(time.slice(6)) || 0;
  return new Date(Date.parse(minute) + Math.round(rest * 1000)).toISOString();
}

/** The money that a person typed in major units; `null` where it is none, or nothing. */
export function moneyOf(text: string): Money | null {
  const amount = minor(text, CURRENCY);
  return amount === null || amount === 0 ? null : { amount, currency: CURRENCY };
}

export function typedMoney(value: Money | null): string {
  return value === null ? "" : typed(value);
}
