/** The words of the mall. Each area has a file in each language. */
import { watch } from "vue";
import { createI18n } from "vue-i18n";

import { language } from "@/state/program";

const files = import.meta.glob<Record<string, unknown>>("./*/*.json", {
  eager: true,
  import: "default",
});

/** `./zh-CN/home.json` becomes `zh-CN`: `{ home: … }`. */
function messages(): Record<string, Record<string, unknown>> {
  const found: Record<string, Record<string, unknown>> = {};
  for (const [path, words] of Object.entries(files)) {
    const [, spoken = "", area = ""] = path.replace(".json", "").split("/");
    (found[spoken] ??= {})[area] = words;
  }
  return found;
}

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: "zh-CN",
  messages: messages() as never,
});

watch(language, (spoken) => ((i18n.global.locale as { value: string }).value = spoken));
