import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../src");
const files = (language: string) => readdirSync(join(SRC, "language", language)).sort();

function keysOf(language: string, file: string): string[] {
  const read: unknown = JSON.parse(readFileSync(join(SRC, "language", language, file), "utf8"));
  return leaves(read, file.replace(".json", "")).sort();
}

function leaves(value: unknown, path: string): string[] {
  if (typeof value === "string") return [path];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

/** The program's text, with the titles of pages as keys of their area. */
function source(): string {
  const paths = readdirSync(SRC, { recursive: true, encoding: "utf8" });
  return paths
    .filter((path) => /\.(ts|vue)$/.test(path))
    .map((path) => {
      const text = readFileSync(join(SRC, path), "utf8");
      const area = /^areas\/(\w+)\/area\.ts$/.exec(path)?.[1];
      return area === undefined ? text : text.replace(/title: "/g, `title: "${area}.`);
    })
    .join("\n");
}

/** Keys stand in full, or as a template such as `orders.states.${status}`. */
function usesOf(text: string): (key: string) => boolean {
  const whole = new Set([...text.matchAll(/["'](\w+(?:\.\w+)+)["']/g)].map((found) => found[1]));
  const templates = [...text.matchAll(/`(\w+\.(?:[\w.]|\$\{[^}]*\})+)`/g)].map(
    (found) => new RegExp(`^${found[1].replace(/\./g, "\\.").replace(/\$\{[^}]*\}/g, "[^.]+")}$`),
  );
  return (key) => whole.has(key) || templates.some((template) => template.test(key));
}

describe("the texts", () => {
  it("have the same files in both languages", () => {
    expect(files("en")).toEqual(files("zh-CN"));
  });

  it.each(files("zh-CN"))("of %s have the same keys in both languages", (file) => {
    expect(keysOf("en", file)).toEqual(keysOf("zh-CN", file));
  });

  it("are all used", () => {
    const isUsed = usesOf(source());
    const unused = files("zh-CN").flatMap((file) =>
      keysOf("zh-CN", file).filter((key) => !isUsed(key)),
    );
    expect(unused).toEqual([]);
  });
});
