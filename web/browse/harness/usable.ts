/** When a page can be used: what a person came for stands there, and no skeleton is left. */
import type { Page } from "playwright-core";
import { expect } from "vitest";

interface Watch {
  /** Milliseconds from asking for the page until it could be used; `null` before. */
  usableAt: number | null;
}

type Watched = typeof globalThis & { jifenWatch?: Watch };

/** Watch each page that this one opens from now on. `needed` must be there, too: a selector. */
export async function watchUsable(page: Page, needed = "main"): Promise<void> {
  await page.addInitScript((selector) => {
    const watch: Watch = { usableAt: null };
    (globalThis as Watched).jifenWatch = watch;
    let isNoting = false;
    const isThere = () => {
      const main = document.querySelector("main");
      const isComplete = main !== null && main.textContent !== "";
      return isComplete && !main.querySelector(".skeleton") && document.querySelector(selector);
    };
    const note = () => {
      isNoting = false;
      if (isThere()) watch.usableAt ??= performance.now();
    };
    const look = () => {
      if (!isThere()) watch.usableAt = null;
      else if (watch.usableAt === null && !isNoting) {
        isNoting = true;
        // The frame that shows it, and then the first moment that is free for a tap.
        requestAnimationFrame(() => setTimeout(note));
      }
    };
    new MutationObserver(look).observe(document, {
      attributes: true,
      childList: true,
      subtree: true,
    });
  }, needed);
}

/** Milliseconds from asking for `url` until the page can be used, and stays so. */
export async function msUntilUsable(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: "networkidle" });
  const at = () => page.evaluate(() => (globalThis as Watched).jifenWatch?.usableAt ?? null);
  await expect.poll(at).not.toBeNull();
  return (await at()) ?? NaN;
}
