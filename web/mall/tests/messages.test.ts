import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";
import { createI18n } from "vue-i18n";

import { compiled } from "../build/messages";

const FOLDER = new URL("../src/language/", import.meta.url);
type Words = { [name: string]: string | Words };

function made(words: Words): never {
  return new Function(`return ${compiled(words)}`)() as never;
}

/** Its own type follows each word of the messages, which are any here. */
const i18nOf = createI18n as unknown as (options: object) => {
  global: { t(name: string, blanks: object): string };
};

function says(words: Words, blanks: object): string {
  const i18n = i18nOf({ legacy: false, locale: "en", messages: { en: words } });
  return i18n.global.t("text", blanks);
}

describe("compiled words", () => {
  it.each([
    ["Nothing here", {}],
    ["{count} points until {at}.", { count: "1,200", at: "2026-12-01" }],
    ["{who}", { who: "李雷" }],
    ["最多 { count } 个", { count: 5 }],
    ['It\'s "5"\n\\', {}],
  ])("say %j as vue-i18n itself does", (text, blanks) => {
    expect(says(made({ text }), blanks)).toBe(says({ text }, blanks));
  });

  it.each(["one | two", "see @:other", "{'quoted'}", "{0}{", "a } b"])("refuse %j", (text) => {
    expect(() => compiled({ text })).toThrow("only names");
  });

  it.each(["zh-CN", "en"])("are all words of %s", (language) => {
    for (const file of readdirSync(new URL(`${language}/`, FOLDER))) {
      const words = JSON.parse(readFileSync(new URL(`${language}/${file}`, FOLDER), "utf8"));
      expect(() => made(words as Words)).not.toThrow();
    }
  });
});
