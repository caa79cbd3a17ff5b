/** Whoever cannot see, or uses no mouse, or has a small phone, can use each page. */
import type { Page } from "playwright-core";
import { beforeAll, expect, inject, test } from "vitest";

import pages from "../../mall/src/pages.json" with { type: "json" };
import { firstReads } from "../../mall/src/platform/firstReads";
import { claim } from "../harness/claims";
import { SIZES, type Window } from "../harness/pages";
import { World } from "../harness/world";
import { EVERY_PAGE, type Made, make } from "./everyPage";

const PATHS = pages.pages.map((each) => each.path);

/** Several members with the same: a phone gets 20 codes a day, and each page asks for one. */
const MEMBERS = 3;
let makes: Made[];
beforeAll(async () => {
  const world = new World(inject("mall"), "zh-CN");
  makes = await Promise.all(Array.from({ length: MEMBERS }, () => make(world)));
});

test("every page of the mall is tried here", () => {
  expect(PATHS.filter((path) => !(path in EVERY_PAGE))).toEqual([]);
});

for (const [index, path] of PATHS.entries()) {
  const place = EVERY_PAGE[path] ?? {};
  const full = place.full ?? (() => `/${path}`);
  const made = () => makes[index % MEMBERS] as Made;
  const empty = place.empty ?? (() => `/${path}`);

  claim(`${path} is for everybody, with something on it`, async ({ open, beside }) => {
    const window = await open(null, { as: made().member });
    if (place.missing) window.allow(place.missing);
    const reads = watchReads(window.page);
    await tryOut(window, full(made()), () => readsAsBegun(path, full(made()), reads));
    await onDesktop(await beside(window, "about:blank"), full(made()));
  });

  claim(`${path} is for everybody, with nothing on it`, async ({ world, open }) => {
    const window = await open(null, { as: await world.member() });
    if (place.missing) window.allow(place.missing);
    await tryOut(window, empty(made()));
  });
}

/** In both languages; the keys lead to the same places in both. */
async function tryOut(window: Window, url: string, opened = () => {}): Promise<void> {
  const { page } = window;
  await page.goto(url);
  await rests(page);
  opened();
  await window.axe();
  await fits(page);
  await window.walk();
  await page.getByRole("button", { name: "Switch to English" }).click();
  await page.getByRole("button", { name: "切换到中文" }).waitFor();
  await rests(page);
  await window.axe();
  await fits(page);
}

/**
 * The same page on a wide window, in both languages: English first, as it was left.
 *
 * The window is empty when it becomes wide: Chromium 131 crashes at times where a page is resized.
 */
async function onDesktop(window: Window, url: string): Promise<void> {
  const { page } = window;
  await window.resize(SIZES.desktop.viewport);
  await page.goto(url);
  await page.getByRole("button", { name: "切换到中文" }).waitFor();
  await rests(page);
  await window.axe();
  await fits(page);
  await page.getByRole("button", { name: "切换到中文" }).click();
  await page.getByRole("button", { name: "Switch to English" }).waitFor();
  await rests(page);
  await window.axe();
  await fits(page);
}

/** Everything is loaded. */
async function rests(page: Page): Promise<void> {
  await page.locator("main").waitFor();
  await page.waitForLoadState("networkidle");
  await page.locator(".skeleton").waitFor({ state: "detached" });
}

/** A page is never wider than its window. */
async function fits(page: Page): Promise<void> {
  const [wide, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(wide, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(window ?? 0);
}

/** The reads of the API that a page sends, with their queries; a quote has its body after a space. */
function watchReads(page: Page): string[] {
  const reads: string[] = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname + search === QUOTE) reads.push(`${QUOTE} ${request.postData()}`);
    else if (request.method() === "GET" && pathname.startsWith("/v1/"))
      reads.push(pathname + search);
  });
  return reads;
}

const QUOTE = "/v1/orders/quote?coupons=true";
/** Other reads of a path that a first read has, too: what can be afforded, and how much is unread. */
const LATER = /^\/v1\/(products\?max_points=|me\/notifications\?limit=20$)/;

/** Nothing that is read before the mall starts was read in vain: the page would read it its own way. */
function readsAsBegun(path: string, url: string, reads: string[]): void {
  const begun = firstReads(path, new URL(url, inject("mall")).searchParams, true);
  expect(reads).toEqual(expect.arrayContaining(begun));
  for (const quote of begun.filter((each) => each.startsWith(QUOTE)))
    expect(reads.filter((each) => each === quote)).toHaveLength(1);
  const paths = begun.filter((each) => !each.startsWith(QUOTE)).map(withoutQuery);
  const others = reads.filter((each) => !begun.includes(each) && !LATER.test(each));
  expect(others.filter((each) => paths.includes(withoutQuery(each)))).toEqual([]);
}

function withoutQuery(read: string): string {
  return read.split("?")[0] ?? "";
}
