/** The words of the languages that are spoken; each comes when it is. `wechat/words.ts` has the same names. */
import type { Language } from "@jifen/shared/schema";

import { byArea, type Words } from "@/language/areas";

const FILES = {
  "zh-CN": () => import("@/language/zh-CN"),
  en: () => import("@/language/en"),
};

/** By language, as far as they are there: the first language's before the mall starts. */
export const known: Partial<Record<Language, Words>> = {};

/** Fetch the words of a language, if they are not there yet. */
export async function learn(language: Language): Promise<Words> {
  return (known[language] ??= byArea((await FILES[language]()).default));
}
