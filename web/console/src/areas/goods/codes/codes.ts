/** A line of a file that is no code, with the key of the reason below `goods.codes.wrong`. */
interface WrongLine {
  line: number;
  text: string;
  reason: "long" | "letters" | "spaces";
}

/** The codes of a file or a pasted text, one per line. */
export interface CodeFile {
  /** Each code once, in the file's order. */
  codes: string[];
  /** Lines that repeat a code; `first` is the line that had it. */
  repeated: { line: number; first: number }[];
  wrong: WrongLine[];
}

/** The most letters of a code, and codes of one request. Source: the API's document of `CodesIn`. */
const MAX_LETTERS = 64;
export const BATCH = 1000;

/** The most bytes of a file that a page reads at once. */
export const MAX_FILE_BYTES = 10_000_000;

export function readCodes(text: string): CodeFile {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const seen = new Map<string, number>();
  const file: CodeFile = { codes: [], repeated: [], wrong: [] };
  lines.forEach((raw, index) => {
    const [code, line] = [raw.trim(), index + 1];
    if (code === "") return;
    const reason = mistakeOf(code);
    const first = seen.get(code);
    if (reason !== null) file.wrong.push({ line, text: code, reason });
    else if (first !== undefined) file.repeated.push({ line, first });
    else {
      seen.set(code, line);
      file.codes.push(code);
    }
  });
  return file;
}

/** The codes in parts that the API takes at once. */
export function batchesOf(codes: readonly string[], size = BATCH): string[][] {
  const count = Math.ceil(codes.length / size);
  return Array.from({ length: count }, (_, at) => codes.slice(at * size, (at + 1) * size));
}

/** A code of which a person sees enough to find its line, and nobody enough to use it. */
export function masked(code: string): string {
  const shown = code.slice(0, 4);
  return code.length > shown.length ? `${shown}…` : shown;
}

function mistakeOf(code: string): WrongLine["reason"] | null {
  if (!/^[ -~]+$/.test(code)) return "letters";
  if (/ {2}/.test(code)) return "spaces";
  return code.length > MAX_LETTERS ? "long" : null;
}
