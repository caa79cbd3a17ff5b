import { describe, expect, it } from "vitest";

import { sources } from "./source";

const EXPORT = /^export (?:async )?(?:const|let|function\*?|class|interface|type) (\w+)/gm;
const STYLE = /<style[^>]*>([\s\S]*?)<\/style>/g;
const CLASS = /\.([a-zA-Z][\w-]*)/g;
/** Comments and names of files in a style. */
const NO_CLASS = /\/\*[\s\S]*?\*\/|"[^"]*"/g;

/** The WeChat build puts what stands there in the place of the browser's. */
const STAND_INS = "mall/src/platform/wechat/web.ts";

const wordsOf = (text: string): string[] => text.match(/[\w-]+/g) ?? [];
const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, it]) => it);

describe("what nothing uses", () => {
  const files = sources(/\.(ts|vue|mjs|js)$/);
  const words = new Map([...files].map(([file, text]) => [file, new Set(text.match(/\w+/g))]));

  it("is no export: each is named in another file", () => {
    const isUsed = (name: string, by: string) =>
      [...words].some(([file, used]) => file !== by && used.has(name));
    const unused = [...files].flatMap(([file, text]) =>
      namesIn(text, EXPORT)
        .filter((name) => file !== STAND_INS && !isUsed(name, file))
        .map((name) => `${file}: ${name}`),
    );
    expect(unused).toEqual([]);
  });

  it("is no class of a component's style", () => {
    const named = new Set([...files.values()].flatMap((text) => wordsOf(text.replace(STYLE, ""))));
    const unused = [...files].flatMap(([file, text]) =>
      namesIn(namesIn(text, STYLE).join("").replace(NO_CLASS, ""), CLASS)
        .filter((name) => !named.has(name) && !name.startsWith("el-"))
        .map((name) => `${file}: .${name}`),
    );
    expect(unused).toEqual([]);
  });
});
