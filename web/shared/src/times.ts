import type { Language } from "./schema";

const FORMS = {
  day: { year: "numeric", month: "2-digit", day: "2-digit" },
  minute: { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  short: { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const DAY_MS = 86_400_000;

/** The day some days after `2026-11-29`. Raises RangeError where it is none. */
export function dayPlus(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

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
    const english = this.language() === "en";
    const options = {
      ...FORMS[precision],
      // 01/02/2027 is a day of January to some and of February to others.
      ...(english ? ({ month: "short", day: "numeric" } as const) : {}),
      ...{ timeZone: this.zone, hourCycle: "h23" as const },
    };
    return new Intl.DateTimeFormat(english ? "en-GB" : "zh-CN", options).format(new Date(at));
  }

  /** The last day on which something is good that ends at a moment, such as a midnight. */
  lastDay(at: string): string {
    return this.show(new Date(Date.parse(at) - 1000).toISOString(), "day");
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

  /** The program's time of day of a moment, as `09:30`. */
  clock(at: Date): string {
    const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: this.zone }).format(at);
  }

  /**
   * The moment, in RFC 3339, of a day such as `2026-11-29` and a time such as `09:30` of the program.
   *
   * `null` where they are no day and no time. Of an hour that a change of clocks skips, the later.
   */
  moment(day: string, time: string): string | null {
    const wall = Date.parse(`${day}T${time}:00Z`);
    if (Number.isNaN(wall)) return null;
    const first = wall - this.offset(wall);
    return new Date(wall - this.offset(first)).toISOString();
  }

  /**
   * The first moment of the program's day `2026-11-29`, as the API takes it.
   *
   * What is no day stays as it is: the API refuses it, and names the field.
   */
  startOf(day: string): string {
    return this.moment(day, "00:00") ?? day;
  }

  /** The first moment after the program's day `2026-11-29`. */
  endOf(day: string): string {
    const start = Date.parse(`${day}T00:00:00Z`);
    return Number.isNaN(start) ? day : this.startOf(dayPlus(day, 1));
  }

  /** How far the zone's clocks are ahead of UTC at a moment, in ms. */
  private offset(at: number): number {
    const shown = new Date(at);
    return (
      Date.parse(`${this.day(shown)}T${this.clock(shown)}:00Z`) - Math.floor(at / 60_000) * 60_000
    );
  }
}
