/** How soon each page of the mall can be used by whoever opens it by a link for the first time. */
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, inject, test } from "vitest";

import pages from "../../mall/src/pages.json" with { type: "json" };
import { slow4G, watchWeight } from "../harness/network";
import { Device } from "../harness/pages";
import { msUntilUsable, watchUsable } from "../harness/usable";
import { World } from "../harness/world";
import { EVERY_PAGE, type Made, make } from "../journeys/everyPage";
import { publish, type Visit } from "./table";

const ROUNDS = Number(process.env["ROUNDS"] ?? 5);
/** Pages for everybody. Others are opened by a member, whose session is a cookie. */
const FOR_ALL = /^pages\/(home|goods|sign-in|broken|missing)\/|^pages\/points\/earn$/;
/** What a page cannot be used without, beside its content. */
const NEEDED: Record<string, string> = {
  "pages/order/checkout": "main button.wide:enabled",
};

const world = new World(inject("mall"), "zh-CN");
const visits: Visit[] = [];
let browser: Browser;
let made: Made;
/** What the member's last device kept: each new one goes on with it, and has no cache. */
let kept: Awaited<ReturnType<Device["kept"]>>;

beforeAll(async () => {
  browser = await chromium.connect(inject("browser"));
  made = await make(world);
  const device = await Device.start(browser, world.mall, "phone", "zh-CN");
  await device.signIn(made.member, world.local);
  kept = await device.kept();
  await device.close();
});

afterAll(async () => {
  await browser.close();
  if (visits.length > 0) publish(visits);
});

// Round by round: what slows the machine for a minute slows no page more than others.
for (let round = 1; round <= ROUNDS; round++) {
  for (const { path } of pages.pages) {
    const isForAll = FOR_ALL.test(path);
    test(`${path} in round ${round}`, () => visit(path, !isForAll));
    if (path === "pages/home/index") test(`${path} of a member`, () => visit(path, true));
  }
}

async function visit(path: string, isMember: boolean): Promise<void> {
  const url = EVERY_PAGE[path]?.full?.(made) ?? `/${path}`;
  const state = isMember ? kept : undefined;
  const device = await Device.start(browser, world.mall, "phone", "zh-CN", 1, state);
  const { page } = await device.window();
  await slow4G(page);
  const weight = await watchWeight(page);
  await watchUsable(page, NEEDED[path]);
  const ms = await msUntilUsable(page, url);
  visits.push({ path, isMember, ms, script: weight.script });
  if (isMember) kept = await device.kept();
  await device.close();
}
