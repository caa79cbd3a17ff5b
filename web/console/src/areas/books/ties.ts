import type { Schema } from "@jifen/shared/schema";

import type { Sheet } from "./lines";
import { type Counted, type Explanation, countedBy, explanationOf } from "./sums";

export type Figure = Schema<"Figure">;

/** A figure held against what it is said to add up. */
export interface Tie {
  figure: Figure;
  explanation: Explanation;
  /** The lines that it adds up; none where it adds up figures, or nothing. */
  counted: Counted[];
  /** What they add up to; null where there is nothing to add up. */
  sum: number | null;
  /** Whether the sum, and the number of lines, are those of the figure; null: nothing to compare. */
  holds: boolean | null;
}

export const keyOf = (section: string, name: string) => `${section} ${name}`;

/** Hold each figure of a settlement against the lines of its files. */
export function tiesOf(
  figures: readonly Figure[],
  sheets: Readonly<Record<string, Sheet>>,
): Map<string, Tie> {
  const told = new Map(
    (sheets.summary?.rows ?? []).map((row) => [
      keyOf(row.section, row.figure),
      explanationOf(row.is_the_sum_of),
    ]),
  );
  const values = new Map(figures.map((each) => [keyOf(each.section, each.name), each.value]));
  return new Map(
    figures.map((figure) => {
      const key = keyOf(figure.section, figure.name);
      return [key, tieOf(figure, told.get(key) ?? { kind: "none" }, sheets, values)];
    }),
  );
}

function tieOf(
  figure: Figure,
  explanation: Explanation,
  sheets: Readonly<Record<string, Sheet>>,
  values: ReadonlyMap<string, number>,
): Tie {
  const none = { figure, explanation, counted: [] };
  if (explanation.kind === "none") return { ...none, sum: null, holds: null };
  if (explanation.kind === "figures") {
    const sum = explanation.parts.reduce(
      (total, { name, sign }) => total + sign * (values.get(keyOf(figure.section, name)) ?? NaN),
      0,
    );
    return { ...none, sum, holds: sum === figure.value };
  }
  const counted = explanation.sources.flatMap((source) => countedBy(source, sheets));
  const sum = counted.reduce((total, { value }) => total + value, 0);
  const holds = sum === figure.value && counted.length === figure.lines;
  return { figure, explanation, counted, sum, holds };
}

/** An opening held against the closing of the day before; null where there is no day before. */
export function opensAs(figure: Figure, before: readonly Figure[] | null): boolean | null {
  if (figure.name !== "opening" || before === null) return null;
  const closing = before.find((each) => each.section === figure.section && each.name === "closing");
  return closing === undefined ? null : closing.value === figure.value;
}

/** How a file stands against the manifest. */
export interface FileTie {
  sameBytes: boolean;
  sameRows: boolean;
  /** Columns whose lines do not add up to the manifest's sum. */
  off: string[];
}
