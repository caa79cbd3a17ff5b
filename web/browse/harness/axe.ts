/** Asks axe-core whether a page meets WCAG 2.2 AA. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { AxeResults, Result } from "axe-core";
import type { Page } from "playwright-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Raises Error that names each rule with the elements that break it. */
export async function axe(page: Page): Promise<void> {
  // The debugger's evaluation works under any content security policy.
  await page.evaluate(source);
  const found = await page.evaluate(
    (tags) =>
      (window as unknown as { axe: typeof import("axe-core") }).axe.run(document, {
        runOnly: { type: "tag", values: tags },
        resultTypes: ["violations"],
      }) as Promise<AxeResults>,
    TAGS,
  );
  if (found.violations.length > 0) {
    const reports = found.violations.map(report).join("\n");
    throw new Error(`${page.url()} is not accessible:\n${reports}`);
  }
}

function report(rule: Result): string {
  const nodes = rule.nodes.map((node) => {
    const why = (node.failureSummary ?? "").split("\n").slice(1).join("; ").replace(/\s+/g, " ");
    return `    ${node.target.join(" ")}: ${why.trim()}`;
  });
  return [`  ${rule.id} (${rule.impact ?? "unknown"}): ${rule.help}`, ...nodes].join("\n");
}
