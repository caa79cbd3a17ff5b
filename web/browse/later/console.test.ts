/** Every page of the console is for everybody: with something on it and with nothing. */
import { readdirSync, readFileSync } from "node:fs";

import type { Schema } from "@jifen/shared/schema";
import type { Page, Route } from "playwright-core";
import { beforeAll, describe, expect, inject, test } from "vitest";

import { claim, type Stage } from "../harness/claims";
import type { Window } from "../harness/pages";
import { World } from "../harness/world";
import { EVERY_CONSOLE_PAGE } from "../journeys/everyConsolePage";
import { type Filled, fill } from "./filling";

const MINUTES_5 = 300_000;
const AREAS = new URL("../../console/src/areas/", import.meta.url);
/** A laptop, and the narrowest window that staff work in. */
const WIDTHS = [1280, 768] as const;
const HEIGHT = 800;
/** A thing that is not there, and the day before the first settled one. */
const NOT_FOUND = /^answer: 404 GET /;
const LONG_AGO = "2000-01-01";
/** No test can have a record parked: what the API would tell of one. */
const PARKED: Schema<"ParkedViewPage"> = {
  data: [
    {
      name: "relay/unreadable/2026-11-29/1.json",
      relay: "relay_ledger",
      reason: "RecordUnreadable",
      tries: 1,
      parked_at: "2026-11-29T08:00:00Z",
      records: ["MODIFY A#mbr_1 E#7 (hash, points)"],
    },
  ],
  next_cursor: null,
};

let filled: Filled;
beforeAll(async () => {
  filled = await fill(new World(inject("mall"), "zh-CN"));
}, MINUTES_5);

test("every page of the console is tried here", () => {
  const sources = readdirSync(AREAS).map((area) =>
    readFileSync(new URL(`${area}/area.ts`, AREAS), "utf8"),
  );
  const paths = sources.flatMap((text) =>
    [...text.matchAll(/path: "([^"]+)"/g)].map(([, at]) => at),
  );
  expect(paths.sort()).toEqual(Object.keys(EVERY_CONSOLE_PAGE).sort());
});

describe.concurrent("with something on it, and with nothing", () => {
  for (const path of Object.keys(EVERY_CONSOLE_PAGE)) {
    claim(`console ${path} is for everybody`, (stage) => tryOut(stage, path), "desktop");
  }
});

async function tryOut({ world, open }: Stage, path: string): Promise<void> {
  const window = await open(null, { as: await world.staff("admin") });
  const { page } = window;
  window.allow(NOT_FOUND);
  await page.route("**/v1/admin/parked*", (route) => route.fulfill({ json: PARKED }));
  await page.goto(`/console${filled[path] ?? path}`);
  await looksRight(window, WIDTHS);
  await window.walk();
  await page.route("**/v1/admin/**", emptied);
  await page.goto(`/console${path.replace(":day", LONG_AGO).replace(/:\w+/, "nothing")}`);
  await looksRight(window, [WIDTHS[0]]);
}

/** A list as it is in a mall where nothing has happened yet. */
async function emptied(route: Route): Promise<void> {
  if (route.request().method() !== "GET") return route.continue();
  const response = await route.fetch();
  const found = response.ok() ? ((await response.json()) as { data?: unknown }) : {};
  if (!Array.isArray(found.data)) return route.fulfill({ response });
  return route.fulfill({ json: { ...found, data: [], next_cursor: null } });
}

/** In both languages, on each width. */
async function looksRight(window: Window, widths: readonly number[]): Promise<void> {
  const { page } = window;
  for (let turn = 0; turn < 2; turn += 1) {
    for (const width of widths) {
      await window.resize({ width, height: HEIGHT });
      await rests(page);
      // An address that is opened again keeps its place: the bar would lie on half a field.
      await page.evaluate(() => globalThis.scrollTo(0, 0));
      await window.axe();
      await fits(page);
    }
    await speakOther(page);
  }
}

/** Switch the language; lists are asked for again in the new one. */
async function speakOther(page: Page): Promise<void> {
  const bar = page.getByRole("banner");
  const button = (name: string) => bar.getByRole("button", { name, exact: true });
  const [from, to] = (await button("English").count()) ? ["English", "中文"] : ["中文", "English"];
  await button(from).click();
  await button(to).waitFor();
}

/** Everything is loaded. */
async function rests(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.locator(".el-skeleton, [aria-busy=true]").first().waitFor({ state: "detached" });
}

/** What is wide scrolls within the page, never the page itself. */
async function fits(page: Page): Promise<void> {
  const [wide, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(wide, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(window ?? 0);
}
