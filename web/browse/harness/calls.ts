/** The calls of the API that pages made and the API granted, for `python -m tests.browse` to compare. */
import { appendFileSync } from "node:fs";

import type { Response } from "playwright-core";

/** Where this run's calls are kept: a line for each, such as `POST /v1/orders`. */
const FILE = process.env["JIFEN_CALLS"];

/** Remembers each call once. */
export class Calls {
  private readonly made = new Set<string>();

  note(response: Response): void {
    const { pathname } = new URL(response.url());
    if (!FILE || response.status() >= 400 || !pathname.startsWith("/v1/")) return;
    const call = `${response.request().method()} ${pathname}`;
    if (this.made.has(call)) return;
    this.made.add(call);
    appendFileSync(FILE, `${call}\n`);
  }
}
