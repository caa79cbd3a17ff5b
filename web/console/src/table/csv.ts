/**
 * Blanks and characters that nobody sees: a spreadsheet may drop them before it looks at a cell.
 * U+2800 is seen as a blank, U+FFFC and those after it as nothing.
 */
const UNSEEN = "\\s\\p{Cc}\\p{Cf}\\p{DI}\\u2800\\uFFFC-\\uFFFF";
const SIGN = "[=+\\-@＝＋－＠]";
/**
 * A spreadsheet takes a cell that begins so for a formula. The API's own files follow the same rule.
 * Source: OWASP, "CSV Injection".
 */
const FORMULA = new RegExp(`^([\\t\\r\\n]|[${UNSEEN}]*${SIGN})`, "u");
/** Where lists are separated by semicolons or tabs, a spreadsheet splits a cell there. */
const INNER_FORMULA = new RegExp(`([;\\t\\r\\n]["${UNSEEN}]*)(?=${SIGN})`, "gu");
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
/** Tells spreadsheets that the file is UTF-8. */
const MARK = "\uFEFF";

/** Rows as RFC 4180 writes them; no cell is a formula. */
export function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return MARK + [header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(text: string): string {
  const plain = text.replace(/−/g, "-");
  const inner = plain.replace(INNER_FORMULA, "$1'");
  const safe = FORMULA.test(plain) && !NUMBER.test(plain) ? `'${inner}` : inner;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** Let the browser keep a text, or what the API answered, as a file. */
export function saveFile(name: string, content: BlobPart, type = "text/csv;charset=utf-8"): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
