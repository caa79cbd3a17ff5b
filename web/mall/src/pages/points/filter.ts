/** How a history is narrowed down. */
import type { EntryType } from "@/pages/points/entries";
import { stepped } from "@/pages/points/months";
import type { Unit } from "@/pages/points/units";

export interface HistoryFilter {
  unit: Unit;
  /** Empty for all types. */
  type: EntryType | "";
  /** The first and the last month, as `2026-11`; empty for no limit. */
  from: string;
  until: string;
}

/** The API's query of a filter: from the first moment of `from` to the end of `until`. */
export function queryOf(
  filter: HistoryFilter,
  moment: (day: string, time: string) => string | null,
) {
  const begin = (month: string) => moment(`${month}-01`, "00:00") ?? undefined;
  return {
    unit: filter.unit,
    type: filter.type || undefined,
    from: filter.from ? begin(filter.from) : undefined,
    to: filter.until ? begin(stepped(filter.until, 1)) : undefined,
  };
}
