import "element-plus/es/components/base/style/css";
import "./theme.css";

import { createApp, watch } from "vue";

import App from "./App.vue";
import i18n, { keptLanguage, language, speak } from "./language";
import { nameWindow, router } from "./router";
import { me, watchSession } from "./who";
import { learnProgram } from "./api";

async function start(): Promise<void> {
  // A mall that does not answer says so by the first page.
  await Promise.all([speak(keptLanguage()), learnProgram().catch(() => undefined)]);
  createApp(App).use(i18n).use(router).mount("#app");
}

/** Whoever is signed out, here or in another window, signs in and comes back. */
function askToSignIn(): void {
  watch(me, (now, before) => {
    const here = router.currentRoute.value;
    if (now !== null || before === null || here.meta.open === true) return;
    void router.push({ path: "/sign-in", query: { back: here.fullPath } });
  });
  watch(language, () => nameWindow(router.currentRoute.value.meta.title));
}

watchSession();
askToSignIn();
void start();
