import type { Money } from "./schema";

/** Digits of minor units by currency, where they are not two. Source: ISO 4217. */
const DIGITS: Record<string, number> = { JPY: 0, KRW: 0, VND: 0, KWD: 3 };
const SIGNS: Record<string, string> = { CNY: "¥", JPY: "JP¥", USD: "$", EUR: "€", HKD: "HK$" };

/** An amount of minor units as people write it, such as `¥1,980.50`. */
export function money(value: Money): string {
  const sign = value.amount < 0 ? "−" : "";
  const prefix = SIGNS[value.currency] ?? `${value.currency} `;
  return `${sign}${prefix}${major({ ...value, amount: Math.abs(value.amount) })}`;
}

/** The amount alone in major units, such as `1,980.50`. */
export function major(value: Money): string {
  const digits = DIGITS[value.currency] ?? 2;
  const text = String(Math.abs(value.amount)).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = value.amount < 0 ? "−" : "";
  return digits === 0 ? sign + whole : `${sign}${whole}.${text.slice(-digits)}`;
}

/** The amount alone as people type it, such as `1980.50`. */
export function typed(value: Money): string {
  return major(value).replace(/,/g, "");
}

/** The minor units that a person typed in major ones; `null` where it is no such amount. */
export function minor(text: string, currency: string): number | null {
  const digits = DIGITS[currency] ?? 2;
  const found = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim().replace(/,/g, ""));
  if (found === null || (found[2] ?? "").length > digits) return null;
  return Number(found[1] + (found[2] ?? "").padEnd(digits, "0"));
}
