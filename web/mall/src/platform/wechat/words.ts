/** The words of both languages, which the package brings. `browser/words.ts` has the same names. */
import type { Language } from "@jifen/shared/schema";

import { byArea, type Words } from "@/language/areas";
import en from "@/language/en";
import chinese from "@/language/zh-CN";

export const known: Record<Language, Words> = { "zh-CN": byArea(chinese), en: byArea(en) };

export function learn(language: Language): Promise<Words> {
  return Promise.resolve(known[language]);
}
