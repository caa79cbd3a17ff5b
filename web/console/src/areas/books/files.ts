import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";

import { Unreachable, failureBehind } from "@jifen/shared/failures";
import type { Schema } from "@jifen/shared/schema";

import { type Sheet, readSheet, sumOf } from "./lines";
import type { FileTie } from "./ties";

type File = Schema<"FileView">;

/** The files of a settlement that hold lines, as they lie in the bucket. */
export interface Books {
  sheets: Record<string, Sheet>;
  ties: Record<string, FileTie>;
}

/** Read all files of lines by their links. Raises Unreachable, Offline. */
export async function readBooks(files: readonly File[]): Promise<Books> {
  const read = await Promise.all(files.filter(hasLines).map(readFile));
  return {
    sheets: Object.fromEntries(read.map(({ name, sheet }) => [name, sheet])),
    ties: Object.fromEntries(read.map(({ file, tie }) => [file.name, tie])),
  };
}

/** How many bytes `readBooks` reads. */
export function bytesOf(files: readonly File[]): number {
  return files.filter(hasLines).reduce((sum, file) => sum + file.bytes, 0);
}

function hasLines(file: File): boolean {
  return file.name.endsWith(".csv");
}

async function readFile(file: File) {
  const bytes = await fetchBytes(file.url);
  const sheet = readSheet(new TextDecoder().decode(bytes));
  return { file, name: file.name.replace(/\.csv$/, ""), sheet, tie: tieOf(file, bytes, sheet) };
}

function tieOf(file: File, bytes: Uint8Array, sheet: Sheet): FileTie {
  return {
    sameBytes: bytesToHex(sha256(bytes)) === file.sha256,
    sameRows: sheet.rows.length === file.rows,
    off: Object.keys(file.totals).filter(
      (column) => sumOf(sheet.rows, column) !== file.totals[column],
    ),
  };
}

/** A link is signed: it needs no session, and no other header. */
async function fetchBytes(url: string): Promise<Uint8Array> {
  let found;
  try {
    found = await fetch(url, { credentials: "omit" });
    if (found.ok) return new Uint8Array(await found.arrayBuffer());
  } catch (error) {
    throw failureBehind(error, navigator.onLine);
  }
  throw new Unreachable();
}
