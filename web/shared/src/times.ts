import type { Language } from "./schema";

const FORMS = {
  day: { year: "numeric", month: "2-digit", day: "2-digit" },
  minute: { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  short: { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** How much of a moment is shown. */
export type Precision = keyof typeof FORMS;

/** Moments of the API, RFC 3339 in UTC, as the program's days and hours. */
export class Times {
  constructor(
    /** A zone of the IANA database, such as `Asia/Shanghai`. */
    private readonly zone: string,
    private readonly language: () => Language,
  ) {}

  show(at: string, precision: Precision = "minute"): string {
    const options = { ...FORMS[precision], timeZone: this.zone, hourCycle: "h23" } as const;
    return new Intl.DateTimeFormat(this.language() === "en" ? "en-GB" : "zh-CN", options).format(
      new Date(at),
    );
  }

  /** The program's day of a moment, as `2026-11-29`. */
  day(at: Date): string {
    const parts = new Intl.DateTimeFormat("en-CA", { ...FORMS.day, timeZone: this.zone });
    return parts.format(at);
  }

  /** The program's month of a moment, as `2026-11`. */
  month(at: Date): string {
    return this.day(at).slice(0, 7);
  }
}
