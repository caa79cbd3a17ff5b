/**
 * Dates for a WeChat that has none: on Android its engine comes without `Intl`.
 *
 * The build puts `Intl` of this file in place of the name; see build/miniProgram.ts. Where the device
 * has its own, that one serves. This file imports nothing: the vendor's bundle uses it.
 */

/** Zones whose clocks do not change, in hours ahead of UTC. Source: the IANA time zone database. */
const AHEAD: Record<string, number> = {
  UTC: 0,
  "Asia/Shanghai": 8,
  "Asia/Hong_Kong": 8,
  "Asia/Macau": 8,
  "Asia/Taipei": 8,
  "Asia/Singapore": 8,
  "Asia/Kuala_Lumpur": 8,
  "Asia/Bangkok": 7,
  "Asia/Ho_Chi_Minh": 7,
  "Asia/Jakarta": 7,
  "Asia/Tokyo": 9,
  "Asia/Seoul": 9,
  "Asia/Kolkata": 5.5,
  "Asia/Dubai": 4,
};
const HOUR_MS = 3_600_000;

interface Options {
  timeZone?: string;
  year?: string;
  month?: string;
  day?: string;
  hour?: string;
  minute?: string;
}

/** The forms of zh-CN, en-GB and en-CA that the mall shows. Another zone is shown as UTC, named so. */
export class PlainDates {
  constructor(
    private readonly locale: string,
    private readonly options: Options,
  ) {}

  format(at: Date): string {
    const { timeZone = "UTC", hour } = this.options;
    const ahead = AHEAD[timeZone];
    const [date, time] = new Date(at.getTime() + (ahead ?? 0) * HOUR_MS).toISOString().split("T");
    const shown = [this.date(date as string), hour && (time as string).slice(0, 5)];
    const gap = this.locale === "en-GB" ? ", " : " ";
    return shown.filter(Boolean).join(gap) + (ahead === undefined && hour ? " UTC" : "");
  }

  private date(iso: string): string {
    const parts = iso.split("-").slice(this.options.year ? 0 : 1);
    if (!this.options.day) return "";
    if (this.locale === "en-GB") return named(parts);
    return parts.join(this.locale === "en-CA" ? "-" : "/");
  }
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec".split(" ");

/** `["2026", "02", "01"]` as `1 Feb 2026`. */
function named(parts: string[]): string {
  const [day, month, ...year] = [...parts].reverse();
  return [Number(day), MONTHS[Number(month) - 1], ...year].join(" ");
}

/** Names of regions: their codes, where the device knows no names. */
class PlainNames {
  of(code: string): string {
    return code;
  }
}

/** The order of characters, where the device knows no language's. */
class PlainOrder {
  compare(one: string, other: string): number {
    return one < other ? -1 : Number(one > other);
  }
}

const own = typeof globalThis.Intl === "object" ? globalThis.Intl : null;

export const Intl = own ?? {
  DateTimeFormat: PlainDates,
  DisplayNames: PlainNames,
  Collator: PlainOrder,
};
