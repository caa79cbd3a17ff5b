import { computed, watch } from "vue";
import { createI18n } from "vue-i18n";

import type { Language } from "@jifen/shared/schema";

const KEPT = "console:language";
const FILES = import.meta.glob<Record<string, unknown>>("./{zh-CN,en}/*.json", {
  import: "default",
});

const i18n = createI18n({ legacy: false, locale: "zh-CN", missingWarn: true, messages: {} });
const loaded = new Set<string>(["common"]);

export default i18n;

export const language = computed(() => i18n.global.locale.value as Language);

/** Load an area's texts, in the language that is shown. */
export async function loadArea(area: string): Promise<void> {
  loaded.add(area);
  await load(language.value, area);
}

/** Show all texts in this language, and keep the choice. */
export async function speak(chosen: Language): Promise<void> {
  await Promise.all([...loaded].map((area) => load(chosen, area)));
  i18n.global.locale.value = chosen;
  localStorage.setItem(KEPT, chosen);
}

/** The language kept in this browser, else the browser's own; Chinese where that is neither. */
export function keptLanguage(): Language {
  const told = localStorage.getItem(KEPT) ?? navigator.language;
  return told.startsWith("en") ? "en" : "zh-CN";
}

watch(language, (now) => (document.documentElement.lang = now), { immediate: true });

async function load(into: Language, area: string): Promise<void> {
  const file = FILES[`./${into}/${area}.json`];
  if (file === undefined) return;
  i18n.global.mergeLocaleMessage(into, { [area]: await file() });
}
