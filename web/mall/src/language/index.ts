/** The words of the mall. Each area has a file in each language. */
import { watch } from "vue";
import { createI18n } from "vue-i18n";

import { known, learn } from "#platform/words";
import { language } from "@/state/program";

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  messages: { ...known } as never,
});

watch(language, async (spoken) => {
  i18n.global.setLocaleMessage(spoken, (await learn(spoken)) as never);
  // Of two languages that are chosen in a moment, the last is spoken.
  if (language.value === spoken) (i18n.global.locale as { value: string }).value = spoken;
});
