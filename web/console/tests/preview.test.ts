import { describe, expect, it } from "vitest";

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { MALL_WORDS } from "../src/areas/goods/preview/mallWords";

const PREVIEW = join(import.meta.dirname, "../src/areas/goods/preview/PreviewCard.vue");
const KEYS = /t\((?:isGone \? "([\w.]+)" : )?["`]([\w.]+?)(?:\.\$\{[^}]+\})?["`]/g;

function wordOf(language: keyof typeof MALL_WORDS, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], MALL_WORDS[language]);
}

describe("the preview of a product", () => {
  const used = [...readFileSync(PREVIEW, "utf8").matchAll(KEYS)].flatMap(([, one, two]) =>
    one === undefined ? [two] : [one, two],
  );

  it("says what the mall says, in both languages", () => {
    expect(used.length).toBeGreaterThan(8);
    for (const key of used) {
      expect(wordOf("zh-CN", key), key).toBeDefined();
      expect(wordOf("en", key), key).toBeDefined();
    }
  });
});
