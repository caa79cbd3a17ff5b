/** How names and values of specs read in each language. One without a word reads as it is. */
import type { Language, Schema } from "@jifen/shared/schema";

import type { SkuForm } from "./form";

/** The words of a name or value, such as of `红`; a language without one is empty. */
export interface WordForm {
  raw: string;
  "zh-CN": string;
  en: string;
}

type Words = readonly WordForm[];

export function wordForms(words: Schema<"AdminProduct">["spec_words"]): WordForm[] {
  return Object.entries(words).map(([raw, said]) => ({ raw, ...said }));
}

/** The words to send: those of what the SKUs have. */
export function wordsToSend(words: Words, skus: readonly SkuForm[]): Record<string, Said> {
  const known = new Set(
    skus.flatMap(({ specs }) => specs.flatMap(({ name, value }) => [name.trim(), value.trim()])),
  );
  const told = words
    .map(
      ({ raw, ...said }) =>
        [raw.trim(), { "zh-CN": said["zh-CN"].trim(), en: said.en.trim() }] as const,
    )
    .filter(([raw, said]) => known.has(raw) && (said["zh-CN"] !== "" || said.en !== ""));
  return Object.fromEntries(told);
}

type Said = Omit<WordForm, "raw">;

export function saidOf(words: Words, raw: string, language: Language): string {
  return words.find((each) => each.raw === raw)?.[language] ?? "";
}

/** How members read a name or value. */
export function readAs(words: Words, raw: string, language: Language): string {
  return saidOf(words, raw, language).trim() || raw;
}

export function withSaid(words: Words, raw: string, language: Language, said: string): WordForm[] {
  if (!words.some((each) => each.raw === raw))
    return [...words, { raw, "zh-CN": "", en: "", [language]: said }];
  const changed = words.map((each) => (each.raw === raw ? { ...each, [language]: said } : each));
  return changed.filter((each) => each["zh-CN"] !== "" || each.en !== "");
}

/** The words after a name or value was renamed. */
export function withRaw(words: Words, was: string, raw: string): WordForm[] {
  if (words.some((each) => each.raw === raw)) return [...words];
  return words.map((each) => (each.raw === was ? { ...each, raw } : each));
}
