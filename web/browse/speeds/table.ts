/** The table of docs/web.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Visit {
  path: string;
  isMember: boolean;
  ms: number;
  /** Bytes of compressed script. */
  script: number;
}

const DOCUMENT = fileURLToPath(new URL("../../../docs/web.md", import.meta.url));
/** The table is what stands between these. */
const [BEGIN, END] = ["<!-- speeds: made by `make speeds` -->\n", "<!-- /speeds -->"];

/** Put the table of all visits in place of the last one. Raises Error. */
export function publish(visits: Visit[]): void {
  const text = readFileSync(DOCUMENT, "utf8");
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${DOCUMENT} has no place`);
  writeFileSync(DOCUMENT, [before, BEGIN, "\n", table(visits), "\n", END, after].join(""));
}

function table(visits: Visit[]): string {
  const byPage = new Map<string, Visit[]>();
  for (const each of visits) {
    const page = `\`${each.path}\`${each.isMember ? ", a member's" : ""}`;
    byPage.set(page, [...(byPage.get(page) ?? []), each]);
  }
  const rows = [...byPage].map(([page, of]) => row(page, of));
  return ["| page | usable, median | slowest | script |", "|---|---|---|---|", ...rows, ""].join(
    "\n",
  );
}

function row(page: string, visits: Visit[]): string {
  const times = visits.map((each) => each.ms).sort((one, other) => one - other);
  const median = times[Math.floor((times.length - 1) / 2)] ?? NaN;
  const script = Math.max(...visits.map((each) => each.script));
  const seconds = [median, Math.max(...times)].map((ms) => `${(ms / 1000).toFixed(1)} s`);
  return `| ${[page, ...seconds, `${Math.ceil(script / 1024)} KB`].join(" | ")} |`;
}
