import { type Line, type Sheet, integerOf } from "./lines";

/** What a figure adds up: `is_the_sum_of` of summary.csv. Source: docs/finance.md. */
export type Explanation =
  /** Lines of some sheets. */
  | { kind: "lines"; sources: Source[] }
  /** Other figures of its section. */
  | { kind: "figures"; parts: { name: string; sign: 1 | -1 }[] }
  /** Neither: it was brought forward, or computed. */
  | { kind: "none" };

/** `sign` × a column of the sheets, over all lines, those of some groups, or those of one side. */
export interface Source {
  sheets: string[];
  column: string;
  sign: 1 | -1;
  side: "above" | "below" | null;
  groups: string[][];
}

/** A line that counts in a figure, and what it counts for. */
export interface Counted {
  sheet: string;
  line: Line;
  value: number;
}

const SOURCE = /^(minus )?(\S+(?: and \S+)*) (\S+?)(?: (above|below) 0)?(?: of (.+))?$/;
/** The columns that name a line's group, where it is not `type`. */
const GROUPED_BY: Record<string, string[]> = { orders: ["movement"], points: ["unit", "flow"] };

export function explanationOf(text: string): Explanation {
  if (text === "") return { kind: "none" };
  if (/ [+-] /.test(text)) return { kind: "figures", parts: partsOf(text) };
  return { kind: "lines", sources: text.split("; ").map(sourceOf) };
}

function partsOf(text: string) {
  const names = text.split(/ [+-] /);
  const signs = [" + ", ...(text.match(/ [+-] /g) ?? [])];
  return names.map((name, index) => ({
    name,
    sign: signs[index] === " + " ? (1 as const) : (-1 as const),
  }));
}

function sourceOf(text: string): Source {
  const found = SOURCE.exec(text);
  if (found === null) throw new SyntaxError(`the summary explains a figure by: ${text}`);
  const [, minus, sheets, column, side, groups] = found;
  return {
    sheets: sheets.split(" and "),
    column,
    sign: minus === undefined ? 1 : -1,
    side: (side as "above" | "below" | undefined) ?? null,
    groups: groups?.split(" or ").map((group) => group.split(" ")) ?? [],
  };
}

/** The lines that a source counts. */
export function countedBy(source: Source, sheets: Readonly<Record<string, Sheet>>): Counted[] {
  return source.sheets.flatMap((sheet) =>
    (sheets[sheet]?.rows ?? [])
      .map((line) => ({ sheet, line, value: integerOf(line[source.column]) * source.sign }))
      .filter((each) => isCounted(source, each)),
  );
}

function isCounted(source: Source, { sheet, line, value }: Counted): boolean {
  if (source.side !== null && value * source.sign * (source.side === "above" ? 1 : -1) <= 0) {
    return false;
  }
  const names = GROUPED_BY[sheet] ?? ["type"];
  return (
    source.groups.length === 0 ||
    source.groups.some((group) => names.every((name, index) => line[name] === group[index]))
  );
}
