import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import components from "unplugin-vue-components/vite";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import { defineConfig } from "vite";

/** The mall that `npm run dev` asks. */
const mall = `http://127.0.0.1:${process.env.JIFEN_PORT ?? 8000}`;

/** Libraries that change less often than the pages, each with the packages that it needs. */
const LIBRARIES: Record<string, RegExp> = {
  charts: /node_modules\/(echarts|zrender)\//,
  elements: /node_modules\/(element-plus|@element-plus|@floating-ui|async-validator|dayjs)\//,
  vue: /node_modules\/(vue|@vue|vue-router|vue-i18n|@intlify)\//,
};

export default defineConfig({
  base: "/console/",
  plugins: [
    vue({ script: { propsDestructure: true } }),
    components({ dts: false, dirs: [], resolvers: [ElementPlusResolver()] }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  define: {
    // Messages are compiled without eval, which the pages' policy forbids.
    __INTLIFY_JIT_COMPILATION__: true,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_OPTIONS_API__: false,
  },
  build: {
    outDir: "../dist/console",
    emptyOutDir: true,
    rollupOptions: {
      output: {
        manualChunks: (id) => Object.keys(LIBRARIES).find((name) => LIBRARIES[name].test(id)),
      },
    },
  },
  // All at once: a page that brings another element does not reload the others.
  optimizeDeps: {
    include: ["element-plus/es", "element-plus/es/components/*/style/css"],
  },
  server: { proxy: { "/v1": mall, "/_local": mall, "/pictures": mall } },
});
