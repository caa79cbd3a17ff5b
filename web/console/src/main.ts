import "element-plus/es/components/base/style/css";
import "./theme.css";

import { createApp, watch } from "vue";

import App from "./App.vue";
import i18n, { keptLanguage, language, speak } from "./language";
import { nameWindow, router } from "./router";
import { ENDED, LAST_INPUT } from "./session/rest";
import { forget, me } from "./who";
import { learnProgram, session } from "./api";

async function start(): Promise<void> {
  // A mall that does not answer says so by the first page.
  await Promise.all([speak(keptLanguage()), learnProgram().catch(() => undefined)]);
  createApp(App).use(i18n).use(router).mount("#app");
}

/** Whoever is signed out, here or in another window, signs in and comes back. */
function watchSession(): void {
  session.onEnd(() => (me.value = null));
  addEventListener("storage", (event) => {
    if (event.key === LAST_INPUT && event.newValue === ENDED) forget();
  });
  watch(me, (now, before) => {
    const here = router.currentRoute.value;
    if (now !== null || before === null || here.meta.open === true) return;
    void router.push({ path: "/sign-in", query: { back: here.fullPath } });
  });
  watch(language, () => nameWindow(router.currentRoute.value.meta.title));
}

watchSession();
void start();
