import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

const FOLDER = new URL("../src/language/", import.meta.url);

/** The texts of a file by their names, such as `parts.held`. */
function texts(language: string, file: string): Map<string, string> {
  const content: unknown = JSON.parse(readFileSync(new URL(`${language}/${file}`, FOLDER), "utf8"));
  return new Map(flattened(content, ""));
}

function flattened(content: unknown, name: string): [string, string][] {
  if (typeof content === "string") return [[name, content]];
  return Object.entries(content as Record<string, unknown>).flatMap(([key, value]) =>
    flattened(value, name === "" ? key : `${name}.${key}`),
  );
}

/** The names of what a text has filled in, such as `points`. */
function blanks(text: string | undefined): string[] {
  return [...new Set(text?.match(/\{\w+\}/g))].sort();
}

describe("the languages", () => {
  const files = readdirSync(new URL("zh-CN/", FOLDER));

  it("have the same files", () => {
    expect(readdirSync(new URL("en/", FOLDER))).toEqual(files);
  });

  it.each(files)("have the same texts with the same blanks in %s", (file) => {
    const [chinese, english] = [texts("zh-CN", file), texts("en", file)];
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    for (const [name, text] of chinese) {
      expect([name, blanks(english.get(name))]).toEqual([name, blanks(text)]);
    }
  });
});
