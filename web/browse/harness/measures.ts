/** What was measured and is published, never asserted: a machine's speed is no property of ours. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

import { SHOTS } from "./places";

const LINES = `${SHOTS}/.measures`;
const TABLE = `${SHOTS}/measures.md`;

/** Remember a measure of this run. */
export function measured(what: string, value: number, unit: "ms" | "bytes"): void {
  mkdirSync(dirname(LINES), { recursive: true });
  appendFileSync(LINES, `${JSON.stringify([what, Math.round(value), unit])}\n`);
}

/** Write the run's measures as a Markdown table, for docs/web.md. */
export function publish(): void {
  if (!existsSync(LINES)) return;
  const lines = readFileSync(LINES, "utf8").trim().split("\n");
  const rows = lines.map((line) => JSON.parse(line) as [string, number, string]);
  const table = rows.sort().map(([what, value, unit]) => `| ${what} | ${shown(value, unit)} |`);
  writeFileSync(TABLE, ["| page | measured |", "|---|---|", ...table, ""].join("\n"));
  rmSync(LINES);
  console.log(`Measures: ${TABLE}`);
}

function shown(value: number, unit: string): string {
  return unit === "ms" ? `${(value / 1000).toFixed(1)} s` : `${Math.ceil(value / 1024)} KB`;
}
