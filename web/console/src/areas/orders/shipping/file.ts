/** The most lines and letters of a file. Source: the API's document of `ShipmentsIn`. */
export const MOST_LINES = 3_000;
export const MOST_LETTERS = 900_000;

/** A file of parcels before it is sent: lines with a parcel, and those left empty beside orders. */
export interface ParcelFile {
  name: string;
  csv: string;
  lines: number;
  empty: number;
  first: ParcelLine[];
}

interface ParcelLine {
  order: string;
  carrier: string;
  number: string;
}

/** The names of the columns. Source: the API, `chalicelib/orders/rules/imports.py`. */
const COLUMNS = {
  order: ["order_id", "order", "订单号", "订单编号"],
  carrier: ["carrier", "courier", "快递公司", "物流公司"],
  number: ["tracking_number", "tracking number", "运单号", "快递单号", "物流单号"],
  lines: ["lines", "发货商品", "发货明细"],
};
const MOST_SHOWN = 8;

/** What a file would ship, as the API reads it, about. */
export function parcelsOf(csv: string): Pick<ParcelFile, "lines" | "empty" | "first"> {
  const [header = [], ...rows] = recordsOf(csv).map(({ cells }) => cells);
  const filled = rows.filter((cells) => cells.some((cell) => cell !== ""));
  const lines = filled.map((cells) => {
    const cell = (name: keyof typeof COLUMNS) => cells[placeOf(header, COLUMNS[name])] ?? "";
    const line = { order: cell("order"), carrier: cell("carrier"), number: cell("number") };
    const isEmpty = line.order !== "" && line.carrier + line.number + cell("lines") === "";
    return { line, isEmpty };
  });
  const parcels = lines.filter(({ isEmpty }) => !isEmpty).map(({ line }) => line);
  const first = parcels.slice(0, MOST_SHOWN);
  return { lines: parcels.length, empty: lines.length - parcels.length, first };
}

/** A part of an export without the orders that go to no address: services and pickups. */
export function withAddress(csv: string, known: readonly string[]): [string, string[]] {
  const records = recordsOf(csv);
  const isFirst = known.length === 0;
  const header = isFirst ? (records[0]?.cells ?? []) : known;
  const places = ["recipient", "收件人", "address", "地址"].map((name) => header.indexOf(name));
  const found = places.filter((place) => place >= 0);
  const kept = records.filter(
    ({ cells }, at) =>
      (isFirst && at === 0) || found.length === 0 || found.some((place) => cells[place] !== ""),
  );
  return [kept.map(({ raw }) => raw).join(""), [...header]];
}

function placeOf(header: readonly string[], names: readonly string[]): number {
  return header.findIndex((cell) => names.includes(cell.toLowerCase()));
}

/** A file's records as RFC 4180 separates them, each with its own text. */
function recordsOf(csv: string): { raw: string; cells: string[] }[] {
  const found = csv.match(/(?:"(?:[^"]|"")*"|[^"\r\n])+(?:\r\n|\r|\n|$)|\r\n|\r|\n/g) ?? [];
  return found.map((raw) => ({ raw, cells: cellsOf(raw.replace(/^\uFEFF|[\r\n]+$/g, "")) }));
}

function cellsOf(record: string): string[] {
  return [...record.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(([, cell]) =>
    (cell ?? "")
      .replace(/^"([^]*)"$/, "$1")
      .replace(/""/g, '"')
      .replace(/^'/, "")
      .trim(),
  );
}

/** The text of a file: UTF-8, or what Excel saves as CSV in China. */
export function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}
