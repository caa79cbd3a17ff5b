/** A harness that cannot fail proves nothing: each kind of fault is made and found. */
import type { Server } from "node:http";

import { afterAll, beforeAll, expect } from "vitest";

import { claim, type Stage } from "../harness/claims";
import { Faults } from "../harness/faults";
import { offline } from "../harness/network";
import { serveFixture } from "./fixture";

let site: { server: Server; url: string };
beforeAll(async () => {
  site = await serveFixture();
});
afterAll(() => site.server.close());

/** The faults of a page, by kind, after it is at rest. */
async function faultsOf({ open }: Stage, path: string): Promise<Faults> {
  const window = await open(null, { at: site.url });
  const faults = new Faults();
  await faults.watch(window.page);
  // The claim itself is to hold.
  window.allow(/./);
  await window.page.goto(path, { waitUntil: "networkidle" });
  return faults;
}

const KINDS: [string, string, string, RegExp][] = [
  ["a script within the page", "/inline", "csp", /script-src/],
  ["an eval that the page hides", "/eval", "csp", /script-src/],
  ["an error in the console", "/says", "console", /something is wrong/],
  ["an exception", "/throws", "exception", /thrown/],
  ["a rejection that nobody handles", "/rejects", "exception", /rejected/],
  ["an answer of 404", "/lacks", "answer", /404 GET .*none\.js/],
];

for (const [what, path, kind, words] of KINDS) {
  claim(`${what} is found`, async (stage) => {
    const faults = await faultsOf(stage, path);
    expect(
      faults.unexpected.filter((fault) => fault.kind === kind).map((fault) => fault.said),
    ).toEqual(expect.arrayContaining([expect.stringMatching(words)]));
    expect(() => faults.check()).toThrow(words);
  });
}

claim("a page without faults has none", async (stage) => {
  expect((await faultsOf(stage, "/good")).unexpected).toEqual([]);
});

claim("a fault that the claim expects is allowed, and no other", async (stage) => {
  const faults = await faultsOf(stage, "/lacks");
  faults.allow(/^answer: 404 GET .*other\.js/);
  expect(() => faults.check()).toThrow(/none\.js/);
  faults.allow(/^answer: 404 GET .*none\.js/, /^console: .*MIME type/);
  expect(faults.unexpected).toEqual([]);
});

claim("a fetch without a network is found, and the network comes back", async (stage) => {
  const window = await stage.open(null, { at: site.url });
  window.allow(/ERR_INTERNET_DISCONNECTED/);
  const { page } = window;
  const faults = new Faults();
  await faults.watch(page);
  await page.goto("/good");
  const ask = () =>
    page.evaluate(() =>
      fetch("/good").then(
        (found) => found.status,
        () => 0,
      ),
    );
  expect(await offline(page, ask)).toBe(0);
  expect(() => faults.check()).toThrow(/request: net::ERR_INTERNET_DISCONNECTED GET/);
  expect(await ask()).toBe(200);
});
