import { describe, expect, it } from "vitest";

import { sources } from "./source";

const PAGES = ["mall", "console"];

/** The texts of a language by their keys, such as `orders.states.approved`. */
function textsOf(pages: string, language: string): Map<string, string> {
  const files = sources(new RegExp(`^src/language/${language}/\\w+\\.json$`), [pages]);
  return new Map(
    [...files].flatMap(([file, text]) => {
      const name = file.slice(file.lastIndexOf("/") + 1, -".json".length);
      return flattened(JSON.parse(text), name);
    }),
  );
}

function flattened(content: unknown, key: string): [string, string][] {
  if (typeof content === "string") return [[key, content]];
  return Object.entries(content as object).flatMap(([name, inner]) =>
    flattened(inner, `${key}.${name}`),
  );
}

/** The names of what a text has filled in, such as `points`. */
function blanks(text: string | undefined): string[] {
  return [...new Set(text?.match(/\{\w+\}/g))].sort();
}

/** The pages' program, with the titles of the console's areas as keys. */
function program(pages: string): string {
  return [...sources(/^src\/.*\.(ts|vue)$/, [pages])]
    .map(([file, text]) => {
      const area = /\/areas\/(\w+)\/area\.ts$/.exec(file)?.[1];
      return area === undefined ? text : text.replace(/title: "/g, `title: "${area}.`);
    })
    .join("\n");
}

/** Keys stand in full, or as a template such as `orders.states.${status}`. */
function usesOf(text: string): (key: string) => boolean {
  const whole = new Set([...text.matchAll(/["'`](\w+(?:\.[\w-]+)+)["'`]/g)].map(([, key]) => key));
  const templates = [...text.matchAll(/`(\w+\.(?:[\w.-]|\$\{[^}]*\})+)`/g)].map(([, template]) => {
    const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replace(/\./g, "\\."));
    // A blank holds one name, or two: `bank.failed`.
    return new RegExp(`^${parts.join("[^.]+(?:\\.[^.]+)?")}$`);
  });
  return (key) => whole.has(key) || templates.some((template) => template.test(key));
}

describe.each(PAGES)("the texts of the %s", (pages) => {
  const [chinese, english] = [textsOf(pages, "zh-CN"), textsOf(pages, "en")];

  it("are the same in both languages, with the same blanks", () => {
    const shape = (texts: Map<string, string>) =>
      [...texts].map(([key, text]) => [key, ...blanks(text)].join(" ")).sort();
    expect(chinese.size).toBeGreaterThan(100);
    expect(shape(english)).toEqual(shape(chinese));
  });

  it("are all used", () => {
    const isUsed = usesOf(program(pages));
    expect([...chinese.keys()].filter((key) => !isUsed(key))).toEqual([]);
  });
});
