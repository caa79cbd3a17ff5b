import { amountIn } from "@/parts/amounts";
import { dayPlus } from "@jifen/shared/times";

import type { Figure } from "./ties";

const MICRO = "cost_per_point_in_millionths";
const MICROS = 1_000_000;

/** A figure as people write it. */
export function figureText({ name, unit, value }: Figure): string {
  return name === MICRO ? perPoint(value, unit) : amountIn(unit, value);
}

/** Millionths of a minor unit as an amount with enough digits, such as `¥0.0787`. */
export function perPoint(millionths: number, currency: string): string {
  const style = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
  const digits = new Intl.NumberFormat("en", style).resolvedOptions().maximumFractionDigits ?? 2;
  const shown = { minimumFractionDigits: digits + 2, maximumFractionDigits: digits + 2 };
  const format = new Intl.NumberFormat("en", { ...style, ...shown });
  return format.format(millionths / MICROS / 10 ** digits).replace("-", "−");
}

export interface Section {
  name: string;
  figures: Figure[];
}

/** The figures in their sections, in the order of the summary. */
export function sectionsOf(figures: readonly Figure[]): Section[] {
  const names = [...new Set(figures.map((each) => each.section))];
  return names.map((name) => ({ name, figures: figures.filter((each) => each.section === name) }));
}

const ACCOUNT = /^(assets|clearing|income|costs):/;

export const isAccount = ({ name }: Section) => ACCOUNT.test(name);
export const isUnit = ({ name }: Section) => name.startsWith("ledger:");

/** The key of an account's texts: `assets_bank` of `assets:bank`. */
export const accountKey = (account: string) => account.replace(":", "_");

/** What a line of a file is about, read from its `source` or, of points, its `account`. */
export function aboutOf(line: Record<string, string>): { kind: string; id: string } {
  const [kind, id = ""] = (line.source || line.account).split(/:(.*)/);
  return { kind, id };
}

/** A settlement's name: its day and currency. An address may hold anything else. */
const NAME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])-/;

/** The settlement of the day before: `2026-11-30-CNY` of `2026-12-01-CNY`. */
export function dayBefore(settlement: string): string {
  if (!NAME.test(settlement)) return settlement;
  return dayPlus(settlement.slice(0, 10), -1) + settlement.slice(10);
}

const KIB = 1024;

/** A size of a file, such as `6.1 KB`. */
export function sizeText(bytes: number): string {
  if (bytes < KIB) return `${bytes} B`;
  const isLarge = bytes >= KIB * KIB;
  return `${(bytes / (isLarge ? KIB * KIB : KIB)).toFixed(1)} ${isLarge ? "MB" : "KB"}`;
}
