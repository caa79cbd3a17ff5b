/** How a history is narrowed down. */
import type { EntryType } from "@/pages/points/entries";
import { stepped } from "@/pages/points/months";
import type { Unit } from "@/pages/points/units";

export interface HistoryFilter {
  unit: Unit;
  /** Empty for all types. */
  type: EntryType | "";
  /** The first and the last day, as `2026-11-29`; empty for no limit. */
  from: string;
  until: string;
}

const DAY_MS = 86_400_000;

/** The API's query of a filter: from the first moment of `from` to the end of `until`. */
export function queryOf(
  filter: HistoryFilter,
  moment: (day: string, time: string) => string | null,
) {
  const begin = (day: string) => moment(day, "00:00") ?? undefined;
  return {
    unit: filter.unit,
    type: filter.type || undefined,
    from: filter.from ? begin(filter.from) : undefined,
    to: filter.until ? begin(dayAfter(filter.until, 1)) : undefined,
  };
}

/** The first and the last day of what a link names: days, or whole months as `2026-11`. */
export function daysOf(query: { from?: string; until?: string }): { from: string; until: string } {
  const [from = "", until = ""] = [query.from, query.until];
  const month = /^\d{4}-\d{2}$/;
  return {
    from: month.test(from) ? `${from}-01` : dayIn(from),
    until: month.test(until) ? dayAfter(`${stepped(until, 1)}-01`, -1) : dayIn(until),
  };
}

function dayIn(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : "";
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
