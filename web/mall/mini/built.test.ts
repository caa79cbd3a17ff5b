/** What is built for WeChat can run there. `npm run check:mp` builds it first. */
import { existsSync } from "node:fs";

import { expect, test } from "vitest";

import pages from "../src/pages.json";
import { declared, files, has, read, size } from "./built";
import * as markup from "./markup";
import * as scripts from "./scripts";
import * as styles from "./styles";

const MAIN_PACKAGE_BYTES = 2 * 1024 * 1024;

/** Flaws by file; files without any are left out. */
function flaws(ext: string, find: (path: string) => string[]): Record<string, string[]> {
  const found = files(ext).map((path) => [path, find(path)] as const);
  return Object.fromEntries(found.filter(([, each]) => each.length > 0));
}

test("the main package is smaller than WeChat's limit", () => {
  console.info(`main package: ${(size() / 1024).toFixed(0)} KB`);
  expect(size()).toBeLessThan(MAIN_PACKAGE_BYTES);
});

test("each page has its markup, script and settings", () => {
  const wanted = pages.pages.flatMap(({ path }) =>
    ["wxml", "js", "json"].map((ext) => `${path}.${ext}`),
  );
  expect(wanted.filter((path) => !has(path))).toEqual([]);
});

test("no module beside a page has the page's name: WeChat would get one of them", () => {
  const source = (path: string) => new URL(`../src/${path}.ts`, import.meta.url);
  expect(pages.pages.filter(({ path }) => existsSync(source(path)))).toEqual([]);
});

test("each declared component is there", () => {
  const missing = flaws("json", (path) =>
    Object.values(declared(path.replace(/\.json$/, "")))
      .map((each) => new URL(each, `file:///${path}`).pathname.slice(1))
      .filter((component) => !["wxml", "js", "json"].every((ext) => has(`${component}.${ext}`))),
  );
  expect(missing).toEqual({});
});

test("no script uses what only a browser has, nor makes code of text", () => {
  expect(flaws("js", (path) => scripts.flawsOf(read(path)))).toEqual({});
});

test("markup is well formed and uses what is declared", () => {
  const find = (path: string) =>
    markup.flawsOf(read(path), Object.keys(declared(path.replace(/\.wxml$/, ""))));
  expect(flaws("wxml", find)).toEqual({});
});

test("styles of components select by class", () => {
  const own = (path: string) => (path === "app.wxss" ? [] : styles.flawsOf(read(path)));
  expect(flaws("wxss", own)).toEqual({});
});
