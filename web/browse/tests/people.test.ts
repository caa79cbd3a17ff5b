/** What axe, the Tab key and the scales find in a page that was made wrong. */
import type { Server } from "node:http";

import { afterAll, beforeAll, expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { slow4G, weigh, within } from "../harness/network";
import { msUntilUsable, watchUsable } from "../harness/usable";
import { serveFixture } from "./fixture";

let site: { server: Server; url: string };
beforeAll(async () => {
  site = await serveFixture();
});
afterAll(() => site.server.close());

matrix("a good page passes, in its size and language", async ({ open, size, language }) => {
  const window = await open("/good", { at: site.url });
  await window.axe();
  const stops = await window.walk();
  expect(stops.map(({ role, name }) => `${role} ${name}`)).toEqual(["link Again", "button Press"]);
  expect(await window.page.evaluate(() => navigator.language)).toBe(language);
  // Without a meta tag for it, a phone shows a page as wide as 980 pixels.
  expect(await window.page.evaluate(() => screen.width)).toBe(size === "phone" ? 360 : 1280);
});

claim("axe names the rule and the element", async ({ open }) => {
  const window = await open("/nameless", { at: site.url });
  await expect(window.axe()).rejects.toThrow(
    /button-name[\s\S]*button:[\s\S]*image-alt[\s\S]*img:/,
  );
});

claim("a stop without a name is named", async ({ open }) => {
  const window = await open("/nameless", { at: site.url });
  await expect(window.walk()).rejects.toThrow(/no name: <button>/);
});

claim("a focus that nobody sees is named", async ({ open }) => {
  const window = await open("/invisible", { at: site.url });
  await expect(window.walk()).rejects.toThrow(/not visible: <button>/);
});

claim("a stop that keeps the focus is named", async ({ open }) => {
  const window = await open("/trap", { at: site.url });
  await expect(window.walk()).rejects.toThrow(/cannot leave: <button id="trap">/);
});

claim("the script of a first load is weighed against its budget", async ({ open }) => {
  const { page } = await open(null, { at: site.url });
  const weight = await weigh(page, "/heavy");
  expect(weight.script).toBeGreaterThan(5000);
  expect(weight.script).toBeLessThan(6000);
  expect(weight.all).toBeGreaterThan(weight.script);
  expect(() => within(4096, weight)).toThrow(/brings 5\.\d KB .* budget is 4\.0 KB/);
  within(6000, weight);
});

claim("slow 4G is slow", async ({ open }) => {
  const { page } = await open(null, { at: site.url });
  await slow4G(page);
  await watchUsable(page, "h1");
  expect(await msUntilUsable(page, "/heavy")).toBeGreaterThan(150);
});
