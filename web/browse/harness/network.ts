/** Bad networks, slow machines, and the weight of what comes over them. */
import type { Page } from "playwright-core";

/** Lighthouse's slow 4G. */
const SLOW_4G = { latency: 150, downloadThroughput: 1_638_400 / 8, uploadThroughput: 750_000 / 8 };
const SLOWER_CPU = 4;
const KB = 1024;

/** The most compressed script that a first load may bring. */
export const BUDGETS = { mall: 200 * KB, console: 450 * KB };

/** Simulate slow 4G and a CPU that is four times slower, until the page is closed. */
export async function slow4G(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, ...SLOW_4G });
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_CPU });
}

/** Cut the page off the network while `act` runs. */
export async function offline<T>(page: Page, act: () => Promise<T>): Promise<T> {
  await page.context().setOffline(true);
  try {
    return await act();
  } finally {
    await page.context().setOffline(false);
  }
}

interface Weight {
  /** Compressed bytes of scripts, as they came over the network. */
  script: number;
  /** Of everything. */
  all: number;
}

/** What comes to a page from now on, with nothing taken from a cache. */
export async function watchWeight(page: Page): Promise<Weight> {
  const session = await page.context().newCDPSession(page);
  const scripts = new Set<string>();
  const weight = { script: 0, all: 0 };
  session.on("Network.responseReceived", ({ requestId, type, response }) => {
    if (type === "Script" || /javascript/.test(response.mimeType)) scripts.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    weight.all += encodedDataLength;
    if (scripts.has(requestId)) weight.script += encodedDataLength;
  });
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  return weight;
}

/** What a first load of `url` brings, until the network rests. Raises Error. */
export async function weigh(page: Page, url: string): Promise<Weight> {
  const weight = await watchWeight(page);
  const answer = await page.goto(url, { waitUntil: "networkidle" });
  if (!answer?.ok()) throw new Error(`${url} answers ${answer?.status()}`);
  return weight;
}

/** Raises Error that tells by how much a page is over its budget. */
export function within(budget: number, weight: Weight): void {
  if (weight.script <= budget) return;
  const [is, may] = [weight.script, budget].map((bytes) => (bytes / KB).toFixed(1));
  throw new Error(`The first load brings ${is} KB of compressed script; the budget is ${may} KB`);
}
