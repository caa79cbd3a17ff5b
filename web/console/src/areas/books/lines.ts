/** A file of a settlement as it was read: its columns and its lines. */
export interface Sheet {
  columns: string[];
  rows: Line[];
}

export type Line = Record<string, string>;

/** Read CSV as RFC 4180 writes it, with or without a byte order mark; the first line names columns. */
export function readSheet(text: string): Sheet {
  const [columns = [], ...cells] = readCells(text.replace(/^\uFEFF/, ""));
  const rows = cells.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ""])),
  );
  return { columns, rows };
}

/** A cell in quotes, or without, and what ends it. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function readCells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length) {
    const found = CELL.exec(text);
    if (found === null) throw new SyntaxError("a cell of the file has a stray quote");
    row.push(found[1]?.replace(/""/g, '"') ?? found[2]);
    if (found[3] === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** The sum of a column. Raises RangeError where a cell is no integer that is held exactly. */
export function sumOf(lines: readonly Line[], column: string): number {
  return lines.reduce((sum, line) => exact(sum + integerOf(line[column])), 0);
}

export function integerOf(cell: string | undefined): number {
  if (cell === undefined || !/^-?\d+$/.test(cell)) throw new RangeError(`no integer: ${cell}`);
  return exact(Number(cell));
}

function exact(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError("too large to add up exactly");
  return value;
}
