import type { Money } from "@jifen/shared/schema";

/** A column of a table. */
export interface Column<Row> {
  key: string;
  label: string;
  /** What it says in words: shown where no slot `cell-<key>` is given, and in the exported file. */
  text: (row: Row) => string;
  /** The moment or the amount that it shows in place of its text. */
  at?: (row: Row) => string;
  amount?: (row: Row) => Money;
  /** What it sorts the page's rows by; left out: it does not sort. */
  sort?: (row: Row) => number | string;
  /** Figures stand to the right. */
  isNumber?: boolean;
}

export interface Sorting {
  key: string;
  order: "ascending" | "descending";
}

/** The page's rows in the order that a person chose. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  by: Sorting | null,
): Row[] {
  const value = columns.find((column) => column.key === by?.key)?.sort;
  if (value === undefined || by === null) return [...rows];
  const sign = by.order === "ascending" ? 1 : -1;
  return [...rows].sort((one, other) => sign * compare(value(one), value(other)));
}

/** A cell of the exported file: figures without separators, as spreadsheets read them. */
export function exported<Row>(column: Column<Row>, row: Row): string {
  const text = column.text(row);
  return column.isNumber ? plainFigure(text) : text;
}

/** A figure without separators. */
export function plainFigure(text: string): string {
  return text.replace(/,(?=\d{3})/g, "");
}

/** The sorting after a click on a column: up, down, as the list came. */
export function nextSorting(now: Sorting | null, key: string): Sorting | null {
  if (now?.key !== key) return { key, order: "ascending" };
  return now.order === "ascending" ? { key, order: "descending" } : null;
}

function compare(one: number | string, other: number | string): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "zh-CN");
}
