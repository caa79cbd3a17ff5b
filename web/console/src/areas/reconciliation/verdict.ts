import { amountIn } from "@/parts/amounts";

import type { Day } from "./findings";

export type Verdict = "running" | "empty" | "unread" | "unexplained" | "findings" | "closed";

/** Whether a day's books close, and if not, by what. */
export function verdictOf({ status, totals }: Day): Verdict {
  if (status === "running") return "running";
  if (totals.every(isEmpty)) return "empty";
  if (totals.some((each) => each.unexplained !== null && each.unexplained !== 0)) {
    return "unexplained";
  }
  if (totals.some((each) => each.unexplained === null)) return "unread";
  return totals.some((each) => each.in_findings !== 0) ? "findings" : "closed";
}

/** Nothing ever moved in a currency, on either side. */
function isEmpty({ ours, theirs, unexplained }: Day["totals"][number]): boolean {
  return [ours, theirs].every((side) => side.lines === 0 && side.closing === 0) && !unexplained;
}

/** What no line explains, for each currency. */
export function unexplainedOf({ totals }: Day): string {
  const told = totals.map(({ currency, unexplained }) =>
    unexplained === null ? "–" : amountIn(currency, unexplained),
  );
  return told.join(" ") || "–";
}
