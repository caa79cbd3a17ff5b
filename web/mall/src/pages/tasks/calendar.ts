/** A month of check-ins as weeks, Monday first. */
import type { Schema } from "@jifen/shared/schema";

type CheckIns = Schema<"CheckInsView">;

interface Cell {
  day: string;
  number: number;
  state: "checked" | "made-up" | "missed" | "today" | "plain";
}

/** The cells of a month, `null` before its first day. */
export function cellsOf(month: string, shown: CheckIns): (Cell | null)[] {
  const first = new Date(`${month}-01T00:00:00Z`);
  const blank = (first.getUTCDay() + 6) % 7;
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const days = Array.from({ length: last }, (_, index) => cell(month, index + 1, shown));
  return [...Array.from({ length: blank }, () => null), ...days];
}

function cell(month: string, number: number, shown: CheckIns): Cell {
  const day = `${month}-${String(number).padStart(2, "0")}`;
  return { day, number, state: stateOf(day, shown) };
}

function stateOf(day: string, shown: CheckIns): Cell["state"] {
  const done = shown.days.find((each) => each.date === day);
  if (done) return done.made_up ? "made-up" : "checked";
  if (day === shown.today) return "today";
  return shown.make_up?.dates.includes(day) ? "missed" : "plain";
}

/** The month some months after `2026-11`. */
export function monthPlus(month: string, months: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}
