/** The most lines and letters of a file. Source: the API's document of `ShipmentsIn`. */
export const MOST_LINES = 3_000;
export const MOST_LETTERS = 900_000;

/** A file of parcels before it is sent. */
export interface ParcelFile {
  name: string;
  csv: string;
  lines: number;
}

/** The text of a file: UTF-8, or what Excel saves as CSV in China. */
export function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** Lines below the header that are not blank: what the API will look at, about. */
export function linesOf(csv: string): number {
  const filled = csv.split(/\r\n|\r|\n/).filter((line) => line.replace(/[\s,"]/g, "") !== "");
  return Math.max(filled.length - 1, 0);
}
