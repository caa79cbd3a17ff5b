/** Which lines of a cart are ordered next: goods of one kind at a time. */
import type { Schema } from "@jifen/shared/schema";

type Line = Schema<"CartLineView">;
type Kind = Schema<"QuoteGroup">["kind"];

/** As many lines as one order takes. */
export const MOST_LINES = 30;

export interface KindGroup {
  /** Empty for goods that are gone. */
  kind: Kind | "";
  lines: Line[];
}

/** The lines by kind, in the order in which kinds first appear; goods that are gone come last. */
export function byKind(lines: readonly Line[]): KindGroup[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines)
    groups.set(line.kind ?? "", [...(groups.get(line.kind ?? "") ?? []), line]);
  const found = [...groups].map(([kind, each]) => ({
    kind: kind as KindGroup["kind"],
    lines: each,
  }));
  return [...found.filter(({ kind }) => kind !== ""), ...found.filter(({ kind }) => kind === "")];
}

export interface Sum {
  lines: number;
  points: number;
  cash: Schema<"Money">;
}

/** What the chosen lines cost, if all of their points are paid. */
export function sumOf(lines: readonly Line[]): Sum | null {
  const [first] = lines;
  if (first === undefined) return null;
  const add = (of: (line: Line) => number) => lines.reduce((sum, line) => sum + of(line), 0);
  return {
    lines: lines.length,
    points: add((line) => line.points),
    cash: { ...first.cash, amount: add((line) => line.cash.amount) },
  };
}

/** Lines as a checkout's address has them: `CUP-RED:2,PEN:1`. */
export function written(lines: readonly Pick<Line, "sku" | "quantity">[]): string {
  return lines.map(({ sku, quantity }) => `${sku}:${quantity}`).join(",");
}

/** The lines of a checkout's address. */
export function linesIn(text: string): { sku: string; quantity: number }[] {
  const pairs = text.split(",").map((pair) => /^([A-Za-z0-9._-]{1,32}):([1-9]\d?)$/.exec(pair));
  return pairs.flatMap((found) =>
    found ? [{ sku: found[1] ?? "", quantity: Number(found[2]) }] : [],
  );
}
