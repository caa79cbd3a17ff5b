import { createSSRApp } from "vue";

import App from "./App.vue";
import { i18n } from "./language";
import { noteMishap } from "./state/mishap";

export function createApp() {
  const app = createSSRApp(App);
  app.config.errorHandler = (error, _page, doing) => noteMishap(error, doing);
  app.use(i18n);
  return { app };
}
